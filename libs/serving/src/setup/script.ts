import { addressOf, base64Lines, type DeviceSetup } from './device-setup.js';

/** A shell script (POSIX) that makes a machine with snapd follow this store: for root, and as often as anyone likes. */
export function setupScript(setup: DeviceSetup): string {
  const { storeId, assertions, authority } = setup;
  return [
    '#!/bin/sh',
    `# Makes this machine follow the snap store at ${addressOf(setup)}`,
    'set -eu',
    `[ "$(id -u)" = 0 ] || { echo 'this must be run by root: curl -fsSL ${addressOf(setup, '/setup')} | sudo sh' >&2; exit 1; }`,
    "command -v snap >/dev/null || { echo 'there is no snapd on this machine: install it first' >&2; exit 1; }",
    'work=$(mktemp -d)',
    `trap 'rm -rf "$work"' EXIT`,
    ...(authority === undefined
      ? []
      : [
          ...file('authority.crt', Buffer.from(authority)),
          'snap set system store-certs.holdfast="$(cat "$work/authority.crt")"',
        ]),
    ...file('store.assert', assertions),
    'snap ack "$work/store.assert"',
    `snap set core proxy.store='${storeId}'`,
    `echo 'this machine follows the store ${storeId} at ${addressOf(setup)}; to go back: snap unset core proxy.store'`,
    '',
  ].join('\n');
}

/** In Base64: what stands in it can then mean nothing to the shell. */
function file(name: string, bytes: Uint8Array): string[] {
  return [`base64 -d >"$work/${name}" <<'END'`, ...base64Lines(bytes), 'END'];
}
