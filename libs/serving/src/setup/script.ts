import { addressOf, fileLines, type DeviceSetup } from './device-setup.js';

/** A shell script (POSIX) that makes a machine with snapd follow this store: for root, and as often as anyone likes. */
export function setupScript(setup: DeviceSetup): string {
  const { storeId, assertions, authority } = setup;
  return [
    '#!/bin/sh',
    `# Makes this machine follow the snap store at ${addressOf(setup)}`,
    'set -eu',
    `[ "$(id -u)" = 0 ] || { echo 'this must be run by root: give it to sudo sh' >&2; exit 1; }`,
    "command -v snap >/dev/null || { echo 'there is no snapd on this machine: install it first' >&2; exit 1; }",
    'work=$(mktemp -d)',
    `trap 'rm -rf "$work"' EXIT`,
    ...(authority === undefined
      ? []
      : [
          ...fileLines('"$work/authority.crt"', Buffer.from(authority)),
          'snap set system store-certs.holdfast="$(cat "$work/authority.crt")"',
        ]),
    ...fileLines('"$work/store.assert"', assertions),
    'snap ack "$work/store.assert"',
    `snap set core proxy.store='${storeId}'`,
    `echo 'this machine follows the store ${storeId} at ${addressOf(setup)}; to go back: snap unset core proxy.store'`,
    '',
  ].join('\n');
}
