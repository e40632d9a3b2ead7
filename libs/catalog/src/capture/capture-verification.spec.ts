import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrustRoots } from '#snap';
import { CaptureBench } from '../testing/capture-bench.js';
import { SigningAuthority } from '../testing/signing-authority.js';
import {
  declarationHeaders,
  pathOf,
  PUBLISHER,
  revisionHeaders,
  SNAP_CONTENT,
  snapObject,
  withSignatureOf,
} from '../testing/test-store.js';

const authority = new SigningAuthority();
const other = new SigningAuthority('other-authority');

let bench: CaptureBench;
beforeEach(async () => {
  bench = await CaptureBench.open(authority);
});
afterEach(async () => bench[Symbol.asyncDispose]());

function refused(code: string, message: RegExp): unknown {
  return { code, message: expect.stringMatching(message) as string, kept: 0 };
}

describe('a capture believes nothing that', () => {
  it.each([
    [
      'size',
      { download: { ...(snapObject('').download as object), size: 3 } },
      'inconsistent-assertion',
      /snap-size/,
    ],
    ['publisher', { publisher: { id: 'someone-else' } }, 'metadata-disagrees', /published by someone-else/],
    ['snap-id', { 'snap-id': 'x'.repeat(32) }, 'inconsistent-assertion', /snap-id/],
    ['name', { name: 'lab-tool' }, 'metadata-disagrees', /lab-tool when asked for lab-hello/],
  ])('has another %s than was signed', async (_, changes, code, message) => {
    bench.answerWith(changes);
    expect(await bench.refusal()).toEqual(refused(code, message));
  });

  it.each([
    ['revision', { 'snap-revision': '6' }, /snap-revision is "6", expected "5"/],
    ['size', { 'snap-size': '9' }, /snap-size is "9"/],
  ])('was signed for another %s', async (_, headers, message) => {
    bench.publish('snap-revision', revisionHeaders(headers));
    expect(await bench.refusal()).toEqual(refused('inconsistent-assertion', message));
  });

  it('is declared as another snap', async () => {
    bench.publish('snap-declaration', declarationHeaders({ 'snap-name': 'lab-tool' }));
    expect(await bench.refusal()).toEqual(refused('inconsistent-assertion', /snap-name is "lab-tool"/));
  });

  it('is answered in the place of another assertion', async () => {
    const account = authority.signAccount('someone-else');
    bench.store.assertions.set(pathOf({ type: 'account', primaryKey: [PUBLISHER] }), account.bytes);
    expect(await bench.refusal()).toEqual(
      refused('metadata-disagrees', /account \(someone-else\) when asked for account \(labdev/),
    );
  });

  it('lacks a link of its chain', async () => {
    bench.store.assertions.delete(pathOf({ type: 'account', primaryKey: [PUBLISHER] }));
    expect(await bench.refusal()).toEqual(
      refused('assertion-not-found', /no account \(labdev.*, which snap-.* needs$/),
    );
  });

  it('has a signature that is another one', async () => {
    const [one, two] = [revisionHeaders(), revisionHeaders({ 'snap-size': '9' })].map((headers) =>
      authority.sign('snap-revision', headers),
    );
    if (!one || !two) throw new Error('both were signed');
    bench.store.assertions.set(pathOf(one), withSignatureOf(one, two));
    expect(await bench.refusal()).toEqual(refused('bad-signature', /snap-revision/));
  });

  it('ends in a root that is not ours', async () => {
    expect(await bench.refusal({}, { roots: other.roots })).toEqual(
      refused('untrusted-root', /no root that we trust/),
    );
  });

  it('is declared by an authority that the site does not trust, and believes it once it does', async () => {
    bench.publish('snap-declaration', declarationHeaders(), other);
    for (const assertion of [other.storeKey, other.rootKey, other.account]) {
      bench.store.assertions.set(pathOf(assertion), assertion.bytes);
    }
    expect(await bench.refusal()).toEqual(refused('untrusted-root', /no root that we trust/));
    const both = new TrustRoots([...authority.roots.trusted, ...other.roots.trusted]);
    expect(await bench.capture({}, { roots: both })).toHaveLength(2);
  });

  it('is signed with a key that is not valid yet', async () => {
    expect(await bench.refusal({}, { now: '2015-01-01T00:00:00.000Z' })).toEqual(
      refused('key-not-yet-valid', /2016/),
    );
  });

  it('isn’t byte for byte what was signed', async () => {
    bench.store.content = Buffer.from(SNAP_CONTENT);
    bench.store.content[3] = 0;
    expect(await bench.refusal()).toEqual(
      refused('tampered-artefact', /revision 5 of lab-hello .* sha3_384/),
    );
    bench.store.content = Buffer.concat([SNAP_CONTENT, SNAP_CONTENT]);
    expect(await bench.refusal()).toEqual(refused('tampered-artefact', /more than the expected/));
    bench.store.content = SNAP_CONTENT.subarray(1);
    expect(await bench.refusal()).toEqual(refused('tampered-artefact', /bytes/));
  });
});
