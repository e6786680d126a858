#!/usr/bin/env bash
# The life of the Debian package on a copy of this machine's root: an overlay, which goes with this process. dpkg
# is the real one and holds the package's needs against what is installed here. There is no systemd in it: the
# server is started as the unit says, as a user without rights, and a `systemctl` of ours notes what it is told.
#
#   package_test.sh BUILD MODULE SOURCE WORK
#
# BUILD: what is packed. MODULE: an application with the orchestration `welcome`. SOURCE: a program of one file.
# WORK: a folder that is made anew.
set -euo pipefail
export LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
for name in $(compgen -e REPRISE_); do unset "$name"; done

# Where the machine does not let it run, it says why.
skip() {
  echo "SKIPPED: $*"
  exit 0
}

if [ "$1" != inside ]; then
  [ "$(id -u)" = 0 ] || skip "only root can install a package"
  for program in cpack dpkg dpkg-shlibdeps file gzip setpriv unshare; do
    command -v $program >/dev/null && continue
    if [ -n "${CI:-}" ]; then echo "FAILED: there is no $program"; exit 1; fi
    skip "there is no $program"
  done
  unshare -m true || skip "nothing may be mounted here"
  exec unshare -m bash "$0" inside "$@"
fi
build=$(realpath "$2") module=$3 source=$4
rm -rf "$5" && mkdir -p "$5/copy" && work=$(realpath "$5")
root=$work/copy/root

server=
trap '[ -z "$server" ] || kill -9 "$server" 2>/dev/null || true' EXIT

wrong() {
  printf '%s: %s\n' "line ${BASH_LINENO[-2]}" "$*"
  exit 1
}
# is WANTED COMMAND...: what the command prints, and that it does not fail.
is() {
  local wanted=$1 said
  shift
  said=$("$@" 2>&1) || wrong "$* ended with $?: $said"
  # shellcheck disable=SC2053
  [[ $said == $wanted ]] || wrong "$*: wanted $wanted, came: $said"
}
here() { chroot "$root" "$@"; }

# --- the packages: this build's, and one that comes after it --------------------------------------

cpack --config "$build/CPackConfig.cmake" -B "$work/made" >"$work/cpack.log" 2>&1 || wrong "$(cat "$work/cpack.log")"
first=$(echo "$work"/made/*.deb)
dpkg-deb -R "$first" "$work/next"
version=$(dpkg-deb -f "$first" Version)
sed -i "s/^Version: .*/Version: $version.1/" "$work/next/DEBIAN/control"
echo '#log-format = "json"' >>"$work/next/etc/reprise/reprise.toml"
dpkg-deb --root-owner-group -Zgzip -z1 -b "$work/next" "$work/next.deb" >/dev/null
is 'libc6*libcapnp*libssl3*' dpkg-deb -f "$first" Depends
is '/etc/reprise/reprise.toml' cat "$work/next/DEBIAN/conffiles"

# --- a machine -----------------------------------------------------------------------------------

mount -t tmpfs none "$work/copy" || skip "nothing may be mounted here"
mkdir "$work/copy/changes" "$work/copy/scratch" "$root"
mount -t overlay none -o "lowerdir=/,upperdir=$work/copy/changes,workdir=$work/copy/scratch" "$root" ||
  skip "there is no overlay filesystem here"
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir -p "$root"/run/systemd/system "$root/tmp" "$root/opt/reprise"
cp "$first" "$root/opt/reprise/first.deb"
cp "$work/next.deb" "$root/opt/reprise/next.deb"
cp "$module" "$root/opt/reprise/greeter.so"
cp "$source" "$root/opt/reprise/single.cpp"
printf '#!/bin/sh\necho "$*" >>/var/log/systemctl\n' >"$root/usr/local/bin/systemctl"
chmod +x "$root/usr/local/bin/systemctl"
here dpkg --no-triggers --purge reprise >/dev/null 2>&1 || true  # of the machine itself
told() { cat "$root/var/log/systemctl" && rm "$root/var/log/systemctl"; }
rm -f "$root/var/log/systemctl"

# --- serving as the unit says --------------------------------------------------------------------

unit=$root/usr/lib/systemd/system/reprise.service
state=/var/lib/reprise  # %S/reprise
says() { sed -n "s/^$1=//p" "$unit"; }

serve() {
  install -d -o 65534 -g 65534 "$root$state"
  local settings
  settings=$(says Environment)
  : >"$work/said"
  # shellcheck disable=SC2086
  chroot "$root" setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs env -i \
    ${settings//%S//var/lib} REPRISE_PORT=0 $(says ExecStart) >"$work/said" 2>&1 &
  server=$!
  until grep -q '^listening on' "$work/said"; do
    kill -0 "$server" 2>/dev/null || wrong "the server did not start: $(cat "$work/said")"
    sleep 0.05
  done
  export REPRISE_SERVER
  REPRISE_SERVER=$(grep -o 'http://[0-9.:]*' "$work/said")
}
end() {
  kill "-$1" "$server"
  wait "$server" || true
  server=
}

# --- its life ------------------------------------------------------------------------------------

is '*Setting up reprise*' here dpkg --no-triggers -i /opt/reprise/first.deb
is 'daemon-reload' told
is "reprise ${version%%-*}" here reprise --version
is '*.TH reprise 1*' gzip -dc "$root/usr/share/man/man1/reprise.1.gz"
is '*-F _reprise reprise' bash -c ". $root/usr/share/bash-completion/completions/reprise; complete -p reprise"
here sh -c 'c++ -std=c++20 /opt/reprise/single.cpp -o /opt/reprise/single $(pkg-config --cflags --libs reprise)'
is 42 here /opt/reprise/single
# Every line of the configuration that is only suggested is one that the program takes.
sed -i.as_packed 's/^#\([a-z-]* = \)/\1/' "$root/etc/reprise/reprise.toml"
is '*audit.log*' here reprise config show --config /etc/reprise/reprise.toml
mv "$root/etc/reprise/reprise.toml.as_packed" "$root/etc/reprise/reprise.toml"
if command -v systemd-analyze >/dev/null; then
  is '' here systemd-analyze verify /usr/lib/systemd/system/reprise.service
  is '*OK*' here systemd-analyze --no-pager security --offline=true --threshold=15 \
    /usr/lib/systemd/system/reprise.service
else
  echo "there is no systemd-analyze: nobody looked at the unit"
fi

serve
is '*nothing is bound*' cat "$work/said"
end TERM
echo 'module = ["/opt/reprise/greeter.so"]' >>"$root/etc/reprise/reprise.toml"
serve
is $'ann\n"Hello Ann!"' here reprise start welcome --id ann --input '"Ann"' --wait
end KILL

# An upgrade keeps what the operator wrote and what the server stored, and restarts it.
is '*Setting up reprise*' here dpkg --no-triggers --force-confold -i /opt/reprise/next.deb
is $'daemon-reload\ntry-restart reprise.service' told
is '*greeter.so*' cat "$root/etc/reprise/reprise.toml"
is '*log-format*' cat "$root/etc/reprise/reprise.toml.dpkg-dist"
serve
is '"Hello Ann!"' here reprise wait ann
end TERM

# Removed: the program is gone, configuration and data are not. Purged: the data is not.
is '*Removing reprise*' here dpkg --no-triggers --remove reprise
is $'disable --now reprise.service\ndaemon-reload' told
[ ! -e "$root/usr/bin/reprise" ] || wrong "the program is still there"
[ ! -e "$root/usr/include/reprise" ] || wrong "the headers are still there"
[ -e "$root/etc/reprise/reprise.toml" ] || wrong "the configuration went with the program"
is "*its data is still in $state*" here dpkg --no-triggers --purge reprise
[ ! -e "$root/etc/reprise/reprise.toml" ] || wrong "the configuration is still there"
[ -n "$(ls "$root$state")" ] || wrong "the data is gone"
is '*no packages found*' bash -c "chroot '$root' dpkg -l reprise 2>&1 || true"
echo "installed, upgraded from $version to $version.1, removed, purged"
