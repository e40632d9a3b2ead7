#!/bin/bash
# Builds three of snapd's own programs from Debian's packaged source, for tests that need a client, a daemon and a store which we did not write:
#   snap       the command line client; `snap download` checks digests and the chain of assertions
#   snapd      the daemon; it installs what it has checked
#   fakestore  the store that the snapd project tests itself with
# The build tag `withtestkeys` is the only change: they also trust snapd's published test root. GPL-3: tools of the tests, run as
# processes, built on the machine that uses them, never committed or shipped.
#
# usage: build.sh [--install]     --install gets the Debian packages first (root)
# Result: $HOLDFAST_RIG_DIR/bin (default: .rig in the repository, which git ignores). Does nothing when it is there.
# Exit status 3: something is missing; the last line of stderr names it.
set -euo pipefail
RIG_DIR=${HOLDFAST_RIG_DIR:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)/.rig}
SOURCE=/usr/share/gocode/src/github.com/snapcore/snapd
PACKAGES=(
  golang-go gcc libc6-dev pkg-config libcap-dev libseccomp-dev squashfs-tools snapd golang-github-snapcore-snapd-dev
  golang-dbus-dev golang-github-boltdb-bolt-dev golang-github-coreos-go-systemd-dev golang-github-gorilla-mux-dev
  golang-github-jessevdk-go-flags-dev golang-github-juju-ratelimit-dev golang-github-mvo5-goconfigparser-dev
  golang-github-seccomp-libseccomp-golang-dev golang-golang-x-crypto-dev golang-golang-x-sys-dev golang-golang-x-term-dev
  golang-golang-x-text-dev golang-golang-x-xerrors-dev golang-gopkg-check.v1-dev golang-gopkg-macaroon.v1-dev
  golang-gopkg-mgo.v2-dev golang-gopkg-retry.v1-dev golang-gopkg-tomb.v2-dev golang-gopkg-tylerb-graceful.v1-dev
  golang-gopkg-yaml.v2-dev golang-gopkg-yaml.v3-dev
)

missing() { echo "$*" >&2; exit 3; }

if [ "${1:-}" = --install ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${PACKAGES[@]}"
fi

[ -d "$SOURCE" ] || missing 'the Debian package golang-github-snapcore-snapd-dev'
for program in go gcc mksquashfs flock; do
  command -v "$program" >/dev/null || missing "the program $program"
done

mkdir -p "$RIG_DIR/bin"
# Spec files run side by side and each asks for the programs: one builds, the others wait for it.
exec 9>"$RIG_DIR/lock"
flock 9

# GOPATH mode, straight from Debian's -dev packages: no module, no network.
export GO111MODULE=off GOPATH=${SOURCE%%/src/*} GOFLAGS= GOCACHE=$RIG_DIR/gocache
for program in tests/lib/fakestore/cmd/fakestore cmd/snap cmd/snapd; do
  target=$RIG_DIR/bin/${program##*/}
  [ ! -x "$target" ] || continue
  # nosecboot leaves out full disk encryption and its dependencies. Under another name first: a build cut short leaves no program.
  go build -tags 'withtestkeys nosecboot' -o "$target.new" "github.com/snapcore/snapd/$program" >&2 ||
    missing "a package that snapd is built from (run test/interop/snapd/build.sh --install as root)"
  mv "$target.new" "$target"
done
rm -rf "$GOCACHE"
# The daemon looks for these beside itself; those of the Debian package snapd serve.
ln -sf /usr/lib/snapd/snap-seccomp /usr/lib/snapd/snap-exec "$RIG_DIR/bin/"
