import type { Observation, Release } from '../domain/upstream-snap/observation.js';
import { SNAP_ID } from './test-store.js';

export const DECLARATION = { revision: 2, sha256: 'd2'.repeat(32), revoked: false };

export function release(channel: string, revision: number, architecture = 'amd64'): Release {
  return { channel, architecture, revision, version: `${revision}.0`, releasedAt: '2026-11-20T08:00:00Z' };
}

/** A look at lab-hello, of revision 1 on stable, if nothing else is said. */
export function observation(changes: Partial<Observation> = {}): Observation {
  return {
    snapId: SNAP_ID,
    name: 'lab-hello',
    architectures: ['amd64', 'arm64'],
    releases: [release('latest/stable', 1)],
    revisions: [],
    publisher: 'labdev',
    declaration: DECLARATION,
    signingKeys: ['key-a', 'key-b'],
    ...changes,
  };
}
