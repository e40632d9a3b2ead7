#!/bin/bash
# Checks a ledger's folder with Go's sumdb: bash verify.sh <folder> [<file with the public key>]
# Wants Debian's golang-go and golang-golang-x-mod-dev; downloads nothing. Without a key file it takes log.vkey from the folder, which
# proves only that the folder agrees with itself.
set -euo pipefail

folder=${1:?usage: verify.sh <ledger folder> [<vkey file>]}
key_file=${2:-$folder/log.vkey}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT

GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS='' CGO_ENABLED=0 GOCACHE="$built/cache" \
  go build -o "$built/verify-ledger" "$here/verify-ledger.go"
"$built/verify-ledger" "$folder" "$(cat "$key_file")"
