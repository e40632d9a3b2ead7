import type { SnapCaptureManifest } from '#catalog/published';
import { REFRESH_FIELDS } from '#snap';

const YAML_APPS = Array.from(
  { length: 12 },
  (_, n) => `  app-${n}:\n    command: bin/app-${n}\n    plugs: [network, home]\n`,
);

/** A held snap with texts as long as they usually are in the store: about 2 kB of snap.yaml and description. */
export function heldSnap(n: number): SnapCaptureManifest {
  const name = `bench-snap-${n}`;
  return {
    v: 1,
    format: 'snap',
    subject: `benchsnapidbenchsnapidbench${String(n).padStart(5, '0')}`,
    name,
    version: String(100 + n),
    architectures: ['amd64'],
    defaultTrack: null,
    snap: {
      base: 'core24',
      confinement: 'strict',
      contact: 'mailto:maintainers@bench.example',
      'created-at': '2026-11-02T09:30:00.000000+00:00',
      description: `${name} keeps an instrument of the laboratory in touch with its records. `.repeat(12),
      epoch: { read: [0], write: [0] },
      license: 'Apache-2.0',
      links: { contact: ['mailto:maintainers@bench.example'] },
      publisher: {
        id: 'benchdevbenchdevbenchdevbenchde',
        username: 'bench',
        'display-name': 'Bench',
        validation: 'verified',
      },
      'snap-yaml': `name: ${name}\nversion: 1.${n}\nbase: core24\nconfinement: strict\napps:\n${YAML_APPS.join('')}`,
      summary: 'Keeps an instrument in touch with its records',
      title: `Bench ${n}`,
      type: 'app',
      version: `1.${n}`,
      website: 'https://bench.example',
    },
    blob: { sha256: 'ab'.repeat(32), sha3_384: 'cd'.repeat(48), size: 52_428_800 },
    assertions: [],
  };
}

/** What snapd sends when it looks for refreshes of these snaps, each installed at an older revision (protocol page 4.1). */
export function refreshRequest(snaps: readonly SnapCaptureManifest[]): string {
  const context = snaps.map(({ subject, version }) => ({
    'snap-id': subject,
    'instance-key': subject,
    revision: Number(version) - 1,
    'tracking-channel': 'latest/stable',
    epoch: { read: [0], write: [0] },
    'refreshed-date': '2026-11-22T13:40:44.628489114Z',
  }));
  const actions = snaps.map(({ subject }) => ({
    action: 'refresh',
    'instance-key': subject,
    'snap-id': subject,
  }));
  return JSON.stringify({ context, actions, fields: REFRESH_FIELDS });
}
