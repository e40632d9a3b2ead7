import { afterEach, beforeEach, expect, it } from 'vitest';
import { CaptureBench } from '../testing/capture-bench.js';
import { SigningAuthority } from '../testing/signing-authority.js';
import { declarationHeaders, PUBLISHER, SNAP_ID } from '../testing/test-store.js';

const authority = new SigningAuthority();
const info = (changes: object = {}) => ({
  'channel-map': [],
  name: 'lab-hello',
  'snap-id': SNAP_ID,
  snap: { publisher: { id: PUBLISHER } },
  ...changes,
});

let bench: CaptureBench;
beforeEach(async () => {
  bench = await CaptureBench.open(authority);
  bench.store.info = info();
});
afterEach(async () => bench[Symbol.asyncDispose]());

it('a name means the snap whose declaration has it', async () => {
  expect(await bench.identify('lab-hello')).toBe(SNAP_ID);
});

it.each([
  ['another name', 'lab-other', 'is of a snap named lab-other'],
  ['no name, since it is revoked', '', 'is revoked'],
])('a name means nothing when the declaration has %s', async (_, name, says) => {
  bench.publish('snap-declaration', declarationHeaders({ 'snap-name': name }));
  await expect(bench.identify('lab-hello')).rejects.toMatchObject({
    code: 'metadata-disagrees',
    message: expect.stringContaining(says) as string,
  });
});

it('a name means nothing when nobody whom we trust says so', async () => {
  bench.publish('snap-declaration', declarationHeaders(), new SigningAuthority());
  await expect(bench.identify('lab-hello')).rejects.toMatchObject({ code: 'assertion-not-found' });
});

it('a name that no snap can have is not asked for', async () => {
  await expect(bench.identify('../x')).rejects.toMatchObject({ code: 'snap-not-found' });
});
