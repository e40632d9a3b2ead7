import { addressOf, type DeviceSetup } from './device-setup.js';

const FOLDER = '/var/lib/holdfast-setup';

/** User data for cloud-init (`#cloud-config`) that makes a machine follow this store when it is first started. */
export function cloudConfig(setup: DeviceSetup): string {
  const { storeId, assertions, authority } = setup;
  const files = [
    ...(authority === undefined ? [] : written('authority.crt', Buffer.from(authority))),
    ...written('store.assert', assertions),
  ];
  const commands = [
    ...(authority === undefined
      ? []
      : [`snap set system store-certs.holdfast="$(cat ${FOLDER}/authority.crt)"`]),
    `snap ack ${FOLDER}/store.assert`,
    `snap set core proxy.store=${storeId}`,
  ];
  return [
    '#cloud-config',
    `# Makes the machine follow the snap store at ${addressOf(setup)}`,
    'write_files:',
    ...files,
    'snap:',
    '  commands:',
    ...commands.map((command, i) => `    '0${i + 1}': '${command}'`),
    '',
  ].join('\n');
}

function written(name: string, bytes: Uint8Array): string[] {
  return [
    `  - path: ${FOLDER}/${name}`,
    '    encoding: b64',
    `    content: ${Buffer.from(bytes).toString('base64')}`,
  ];
}
