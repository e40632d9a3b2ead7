import { addressOf, fileLines, type DeviceSetup } from './device-setup.js';

const AUTHORITY_FILE = 'holdfast-authority.crt';

/**
 * What to do with MAAS, as text for whoever runs it: its hosts are snapd's clients like any other, and deployed machines get user data.
 * No host knows a private authority before: `curl` is given its certificate, which stands in the text.
 */
export function maasInstructions(setup: Pick<DeviceSetup, 'url' | 'authority'>): string {
  const script = addressOf(setup, '/setup');
  const { authority } = setup;
  const curl = authority === undefined ? 'curl -fsSL' : `curl -fsSL --cacert ${AUTHORITY_FILE}`;
  return [
    ...(authority === undefined
      ? []
      : [
          '# The store has a certificate of a private authority. First, wherever one of the commands below is run:',
          ...fileLines(AUTHORITY_FILE, Buffer.from(authority)),
          '',
        ]),
    '# On each region and rack host, as root:',
    `${curl} '${script}' | sh`,
    '',
    '# For machines that MAAS deploys, where PROFILE and SYSTEM_ID are yours:',
    `maas PROFILE machine deploy SYSTEM_ID user_data="$(${curl} '${script}/cloud-init' | base64 -w0)"`,
    '',
    '# In the user interface: Deploy, Cloud-init user-data, and the text of',
    `# ${script}/cloud-init`,
    '',
  ].join('\n');
}
