import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAssertion, signAssertion, SnapError } from '#snap';
import { CacheSpace } from '../downloads/cache-space.js';
import { SmallCopies } from '../downloads/small-copies.js';
import type { AssertionQuery } from './assertion-request.js';
import { RelayedAssertions } from './relayed-assertions.js';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const NAME = ['16', 'acme', 'set'];

let root: string;
let kept: RelayedAssertions;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'holdfast-relayed-'));
  const space = new CacheSpace(1024 * 1024, { evicted: () => undefined, notEvicted: () => undefined });
  kept = new RelayedAssertions(new SmallCopies(root, 'assertions', space));
});
afterEach(async () => rm(root, { recursive: true, force: true }));

function set(sequence: number): Uint8Array {
  const headers = {
    'authority-id': 'acme',
    series: '16',
    'account-id': 'acme',
    name: 'set',
    sequence: String(sequence),
    timestamp: '2026-01-02T03:04:05Z',
  };
  return signAssertion({ type: 'validation-set', headers }, privateKey);
}

/** By its whole key. */
function named(sequence: number): AssertionQuery {
  const primaryKey = [...NAME, String(sequence)];
  return { type: 'validation-set', primaryKey, maxFormat: 0, sequence: undefined };
}

/** By its sequence. */
function asked(sequence: string): AssertionQuery {
  return { type: 'validation-set', primaryKey: NAME, maxFormat: 0, sequence };
}

async function found(query: AssertionQuery): Promise<string | undefined> {
  const bytes = await kept.find(query);
  return bytes && parseAssertion(bytes).primaryKey.at(-1);
}

describe('the latest of a sequence', () => {
  it.each([[[2, 1]], [[1, 2]], [[1, 3, 2]]])(
    'is the last of those that are seen at once: %j',
    async (seen) => {
      await Promise.all(seen.map((sequence) => kept.keep(named(sequence), set(sequence))));
      expect(await found(asked('latest'))).toBe(String(Math.max(...seen)));
      for (const sequence of seen) expect(await found(asked(String(sequence)))).toBe(String(sequence));
    },
  );

  it('is what upstream says that it is, whatever was seen before', async () => {
    await kept.keep(named(3), set(3));
    await kept.keep(asked('latest'), set(2));
    expect(await found(asked('latest'))).toBe('2');
    expect(await found(named(3))).toBe('3');
  });

  it('can be kept after another could not be', async () => {
    await kept.keep(named(1), set(1));
    await expect(kept.keep(named(2), Buffer.from('nonsense'))).rejects.toThrow(SnapError);
    await kept.keep(named(3), set(3));
    expect(await found(asked('latest'))).toBe('3');
  });
});

it('one of a sequence is not another that was asked for', async () => {
  await kept.keep(named(1), set(1));
  expect([await found(asked('2')), await found(named(2))]).toEqual([undefined, undefined]);
});
