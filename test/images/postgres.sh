# Makes a data folder if there is none, then becomes the command. Like the official image it first
# starts a server that listens on its socket only, to make $POSTGRES_DB in: a log line, or a question
# by the socket, may take that one for the real one.
set -e

if [ ! -e "$PGDATA/PG_VERSION" ]; then
  initdb --auth=trust --encoding=UTF8 --no-sync >/dev/null
  echo 'host all all all trust' >>"$PGDATA/pg_hba.conf"
  echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
  if [ -n "$POSTGRES_DB" ]; then
    pg_ctl --wait --options "-c listen_addresses=''" start
    createdb "$POSTGRES_DB"
    pg_ctl --wait --mode=fast stop
  fi
fi
exec "$@"
