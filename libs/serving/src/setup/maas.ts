import { addressOf, type DeviceSetup } from './device-setup.js';

/** What to do with MAAS, as text for whoever runs it: its hosts are snapd's clients like any other, and deployed machines get user data. */
export function maasInstructions(setup: Pick<DeviceSetup, 'url'>): string {
  const script = addressOf(setup, '/setup');
  return [
    '# On each region and rack host, as root:',
    `curl -fsSL '${script}' | sh`,
    '',
    '# For machines that MAAS deploys, where PROFILE and SYSTEM_ID are yours:',
    `maas PROFILE machine deploy SYSTEM_ID user_data="$(curl -fsSL '${script}/cloud-init' | base64 -w0)"`,
    '',
    '# In the user interface: Deploy, Cloud-init user-data, and the text of',
    `# ${script}/cloud-init`,
    '',
  ].join('\n');
}
