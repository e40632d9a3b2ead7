import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import { deltaIn, type WantedDelta } from './delta.js';
import { DeltaShelf } from './delta-shelf.js';

const TARGET = 'ab'.repeat(48);
const OWN = 'cd'.repeat(48);
const wanted: WantedDelta = {
  snapId: 'id',
  source: 2,
  target: 5,
  sha3_384: TARGET,
  formats: ['snap-1-1-xdelta3', 'xdelta3'],
};
const delta: JsonObject = {
  format: 'xdelta3',
  source: 2,
  target: 5,
  url: 'https://upstream.example/d',
  size: 148,
  'sha3-384': OWN,
};
const result = (deltas: unknown, more: JsonObject = {}, download: JsonObject = {}): JsonObject => ({
  'snap-id': 'id',
  snap: {
    revision: 5,
    download: { 'sha3-384': TARGET, deltas: deltas as JsonObject[], ...download },
    ...more,
  },
});

describe('a delta in the answer of upstream', () => {
  it('is taken when it leads from what is installed to what is held', () => {
    expect(deltaIn(result([delta]), wanted)).toEqual({
      format: 'xdelta3',
      source: 2,
      target: 5,
      upstream: 'https://upstream.example/d',
      size: 148,
      sha3_384: OWN,
    });
  });

  it('is the one of the best format that the device takes', () => {
    const better = { ...delta, format: 'snap-1-1-xdelta3' };
    expect(deltaIn(result([delta, better]), wanted)?.format).toBe('snap-1-1-xdelta3');
  });

  it.each<[string, JsonObject]>([
    ['to another revision', result([{ ...delta, target: 6 }])],
    ['from another', result([{ ...delta, source: 1 }])],
    ['in a format that the device does not take', result([{ ...delta, format: 'bsdiff' }])],
    ['without a digest', result([{ ...delta, 'sha3-384': null }])],
    ['without a size', result([{ ...delta, size: 0 }])],
    ['at no web address', result([{ ...delta, url: 'file:///etc/passwd' }])],
    ['of another revision of the snap', result([delta], { revision: 6 })],
    ['to other bytes than those that were approved', result([delta], {}, { 'sha3-384': OWN })],
    ['of another snap', { ...result([delta]), 'snap-id': 'other' }],
    ['that is nonsense', result('xdelta3')],
    ['of an error', { result: 'error', 'snap-id': 'id' }],
  ])('is none %s', (_, answer) => {
    expect(deltaIn(answer, wanted)).toBeUndefined();
  });
});

describe('what upstream said of deltas', () => {
  const found = deltaIn(result([delta]), wanted);

  it('is good for an hour, also that there is none', () => {
    const shelf = new DeltaShelf();
    shelf.remember(wanted, found, 0);
    shelf.remember({ ...wanted, source: 3 }, undefined, 0);
    expect(shelf.recall(wanted, 3_599_999)?.delta).toEqual(found);
    expect(shelf.recall({ ...wanted, source: 3 }, 1)).toMatchObject({ delta: undefined });
    expect(shelf.recall(wanted, 3_600_000)).toBeUndefined();
    expect(shelf.recall({ ...wanted, formats: ['xdelta3'] }, 1)).toBeUndefined();
  });

  it('is asked again after a minute when it could not be asked', () => {
    const shelf = new DeltaShelf();
    shelf.remember(wanted, 'failed', 0);
    expect(shelf.recall(wanted, 59_999)).toMatchObject({ delta: undefined });
    expect(shelf.recall(wanted, 60_000)).toBeUndefined();
  });
});
