import type { RevisionDetails, SnapIdentity } from '../catalogue/snap.js';

/** A snap's meta/snap.yaml. Names and versions here are plain words: nothing needs escaping but the version's quotes. */
export function snapYaml(snap: SnapIdentity, { version, architectures }: RevisionDetails): string {
  const lines = [
    `name: ${snap.name}`,
    `version: '${version}'`,
    `summary: ${snap.summary}`,
    'description: |',
    `  ${snap.summary}, version ${version}.`,
    `architectures: [${architectures.join(', ')}]`,
    ...typeLines(snap),
    'confinement: strict',
    'grade: stable',
    'license: Apache-2.0',
  ];
  return `${lines.join('\n')}\n`;
}

function typeLines(snap: SnapIdentity): string[] {
  switch (snap.type) {
    case 'app':
      return [
        ...(snap.base === null ? [] : [`base: ${snap.base}`]),
        'apps:',
        `  ${snap.name}:`,
        '    command: bin/hello',
      ];
    case 'base':
      return ['type: base', 'build-base: core22'];
    case 'os':
      return ['type: os'];
    case 'snapd':
      return ['type: snapd'];
  }
}
