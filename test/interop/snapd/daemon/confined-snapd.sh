#!/bin/bash
# Runs snapd where systemd does not, in a mount namespace of its own: each place that it writes to is a folder of STATE there, so that the
# machine's own snaps are neither seen nor touched, and nothing stays mounted after the last process has gone.
#
# usage: unshare --mount --propagation private -- confined-snapd.sh SNAPD STATE
# Prints one line when it is confined. Ends when its standard input does: with whoever started it, however that ends.
set -euo pipefail
snapd=$1 state=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

places=(
  /snap /run /var/snap /var/cache/snapd /var/lib/snapd
  /etc/systemd/system /etc/systemd/user /etc/udev/rules.d /etc/dbus-1/system.d /etc/dbus-1/session.d
)
for place in "${places[@]}"; do
  mkdir -p "$state$place"
  mount --bind "$state$place" "$place"
done
mkdir -p /var/lib/snapd/{environment,inhibit,lib/gl,snaps/partial,void}
echo confined

mkdir -p "$state/shims"
ln -sf "$here/short-device-key.sh" "$state/shims/ssh-keygen"
export PATH=$state/shims:$here/shims:$PATH
# No store is within reach but the one that proxy.store names: loopback addresses are exempt from these, and nothing listens on port 9.
export http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9
export SNAPPY_TESTING=1 SNAPD_DEBUG=1 SNAP_REEXEC=0 SNAPD_STANDBY_WAIT=24h HOME=$state

# It asks to be started again by ending, after it has installed the snap of itself; others do so by its id. What is in STATE/environment then,
# it has in its environment.
while :; do
  [ ! -e "$state/environment" ] || export $(cat "$state/environment")
  "$snapd" &
  echo $! >"$state/snapd.pid"
  wait $! || true
  sleep 0.2
done </dev/null >&2 &

cat >/dev/null
trap : TERM
kill -TERM 0
wait
