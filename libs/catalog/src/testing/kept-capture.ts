import { canonicalBytes, type JsonValue } from '#kernel';
import type { BlobStore } from '#blob-store/port';
import type { Headers } from '#snap';
import type { SnapCaptureManifest } from '../manifest/capture-manifest.js';
import type { Inside } from '../manifest/inside.js';
import type { SigningAuthority } from './signing-authority.js';
import { declarationHeaders, SNAP_ID } from './test-store.js';

export const YAML = `name: lab-hello
version: '2.0'
confinement: strict
grade: stable
base: core22
plugs:
  files: {interface: content, target: $SNAP/files}
apps:
  hello:
    command: bin/hello
    plugs: [files, network-observe]
`;

/** What a spec says of a capture of lab-hello, revision 5, where it is not as usual. */
export interface Captured {
  /** As the store shows it. */
  readonly yaml?: string;
  readonly snap?: Record<string, string>;
  readonly size?: number;
  readonly declaration?: Headers;
  readonly inside?: Inside;
}

/** Puts a capture's manifest. @returns its digest */
export async function keptCapture(
  kept: Pick<BlobStore, 'put'>,
  authority: SigningAuthority,
  { yaml = YAML, snap = {}, size = 1_000_000, declaration, inside }: Captured = {},
): Promise<string> {
  const { type, primaryKey, bytes } = authority.sign('snap-declaration', declarationHeaders(declaration));
  const manifest: SnapCaptureManifest = {
    v: 1,
    format: 'snap',
    subject: SNAP_ID,
    name: 'lab-hello',
    version: '5',
    architectures: ['all'],
    defaultTrack: null,
    snap: {
      name: 'lab-hello',
      version: '2.0',
      type: 'app',
      base: 'core22',
      confinement: 'strict',
      'snap-yaml': yaml,
      ...snap,
    },
    blob: { sha256: '0'.repeat(64), sha3_384: '0'.repeat(96), size },
    ...(inside ? { inside } : {}),
    assertions: [{ type, primaryKey, text: bytes.toString('utf8') }],
  };
  const content = canonicalBytes(manifest as unknown as JsonValue);
  return (await kept.put(once(content))).sha256;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield Promise.resolve(bytes);
}
