import type { JsonObject } from '#kernel';
import type { PolicyEntry } from '#release-control/published';
import type { SnapCaptureManifest } from '#catalog/published';
import { HeldReleases } from './held-releases.js';

/** For specs: a snap of the rig's test data. */
export const LAB_HELLO = 'labhelloidlabhelloidlabhelloid01';
export const LAB_TOOL = 'labtoolidlabtoolidlabtoolidlab02';

export interface HeldForTest {
  readonly subject?: string;
  readonly name?: string;
  readonly channel?: string;
  readonly architecture?: string;
  readonly version?: string;
  readonly defaultTrack?: string | null;
  readonly snap?: JsonObject;
  /** Its manifest can't be read. */
  readonly unreadable?: boolean;
}

export function manifestForTest(held: HeldForTest = {}): SnapCaptureManifest {
  const { subject = LAB_HELLO, name = 'lab-hello', version = '2', defaultTrack = null } = held;
  return {
    v: 1,
    format: 'snap',
    subject,
    name,
    version,
    architectures: ['amd64', 'arm64'],
    defaultTrack,
    snap: {
      version: `1.${version}`,
      confinement: 'strict',
      type: 'app',
      base: 'bare',
      title: 'Hello',
      'snap-yaml': `name: ${name}\n`,
      ...held.snap,
    },
    blob: { sha256: version.padStart(64, '0'), sha3_384: version.padStart(96, '0'), size: 69_632 },
    assertions: [],
  };
}

export function entryForTest(held: HeldForTest = {}): PolicyEntry {
  const { subject = LAB_HELLO, name = 'lab-hello', version = '2' } = held;
  const { channel = 'latest/stable', architecture = 'amd64' } = held;
  return {
    format: 'snap',
    subject,
    name,
    channel,
    architecture,
    version,
    manifest: version.padStart(64, 'a'),
  };
}

export function holding(...held: readonly HeldForTest[]): HeldReleases {
  return new HeldReleases(
    held.map((each) => ({
      entry: entryForTest(each),
      manifest: each.unreadable ? undefined : manifestForTest(each),
    })),
  );
}
