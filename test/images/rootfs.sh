#!/usr/bin/env bash
# rootfs.sh IMAGE: prints, as a tar, the files of an image that is built from nothing: no network
# registry is needed for any of them. What each one starts stands in images.ts.
set -euo pipefail

busybox=$(command -v busybox)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# program SOURCE TARGET: copies a program, and its libraries to where it looks for them.
program() {
  install -D "$1" "$root$2"
  ldd "$1" | grep -o '/[^ ]*' | while read -r library; do
    install -D "$library" "$root$library"
  done
}

# Busybox without its applets, and what every program expects of a file system. A static busybox
# will not do: it crashes when it looks up a name.
bare() {
  mkdir -p "$root"/{etc,root,tmp,var/tmp,home/app}
  chmod 755 "$root"
  chmod 1777 "$root"/{tmp,var/tmp,home/app}
  cat >"$root/etc/passwd" <<'USERS'
root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/:/bin/sh
app:x:1000:1000:app:/home/app:/bin/sh
USERS
  printf '%s\n' root:x:0: nogroup:x:65534: app:x:1000: >"$root/etc/group"
  echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
  program "$busybox" /bin/busybox
  for library in $(ldconfig -p | grep -oE '/[^ ]*/libnss_(dns|files)\.so\.2$'); do
    install -D "$library" "$root$library"
  done
}

applets() {
  busybox --list | while read -r applet; do
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
  done
  # Where `#!` lines look for it.
  mkdir -p "$root/usr/bin"
  ln -s /bin/env "$root/usr/bin/env"
}

case $1 in
no-shell) bare ;;
busybox) bare && applets ;;
node) bare && applets && program "$NODE" /usr/bin/node ;;
*) echo "no such image: $1" >&2 && exit 2 ;;
esac
tar --owner=0 --group=0 -cC "$root" .
