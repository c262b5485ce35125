#!/usr/bin/env bash
# services.sh: prints, as a tar, a small Debian with every server that the tests use, bash and
# Python. One image for all of them, since most of the work is the Debian below them: the images that
# start one of them each cost nothing more.
set -euo pipefail

release=bookworm
packages=redis-server,nginx-light,postgresql-15,python3-minimal

# The mirrors of this machine if it is of that release, else the default ones.
mirrors() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'Component: main' |
    grep -E " $release(-updates|-security)?\$" | sort -u | sed 's/.*/deb & main/'
}

# In memory where there is room for it: that saves a third of the time.
shm=/dev/shm
room=$(df --output=avail -k "$shm" 2>/dev/null | tail -n 1) || true
if [ "${room:-0}" -gt 2000000 ] && ! findmnt -no OPTIONS "$shm" | grep -q noexec; then
  export TMPDIR=$shm
fi

sources=$(mktemp)
trap 'rm -f "$sources"' EXIT
mirrors >"$sources" || true
[ -s "$sources" ] || echo "deb http://deb.debian.org/debian $release main" >"$sources"

# No cluster is made: the image does that itself, once it has the right user and settings.
# shellcheck disable=SC2016
mmdebstrap --quiet --variant=minbase --include="$packages" \
  --dpkgopt=force-unsafe-io --aptopt='Acquire::Languages "none"' \
  --essential-hook='mkdir -p "$1/etc/postgresql-common"' \
  --essential-hook='echo create_main_cluster=false >"$1/etc/postgresql-common/createcluster.conf"' \
  "$release" - "$sources"
