import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  canonicalTrustRoots,
  loadTrustRoots,
  parseAssertion,
  scalarOf,
  SnapError,
  verifyChain,
  type Assertion,
} from '#snap';
import { StoreUnderTest } from '../testing/store-under-test.js';

let store: StoreUnderTest;
beforeAll(async () => {
  store = await StoreUnderTest.start();
});
afterAll(() => store.stop());

const DEVELOPER = 'labdevlabdevlabdevlabdevlabdev00';
const SET = `validation-set/16/${DEVELOPER}/lab-set`;
const DECLARATION = 'snap-declaration/16/labmultiidlabmultiidlabmultiid04';

async function assertion(path: string): Promise<Assertion> {
  const { status, headers, bytes } = await store.get(`/v2/assertions/${path}?max-format=5`);
  expect([status, headers.get('content-type')]).toEqual([200, 'application/x.ubuntu.assertion']);
  return parseAssertion(bytes);
}

async function keyOf({ signKeyId }: Assertion): Promise<Assertion> {
  return assertion(`account-key/${signKeyId}`);
}

describe('GET /v2/assertions', () => {
  it('leads from a downloaded file to a root that a client can be told to trust', async () => {
    const { bytes } = await store.get('/api/v1/snaps/download/labmultiidlabmultiidlabmultiid04_11.snap');
    const digest = createHash('sha3-384').update(bytes).digest('base64url');
    const revision = await assertion(`snap-revision/${digest}`);
    expect(revision.headers).toMatchObject({ 'snap-revision': '11', 'snap-size': String(bytes.length) });
    const declaration = await assertion(`snap-declaration/16/${scalarOf(revision.headers, 'snap-id')}`);
    const account = await assertion(`account/${scalarOf(declaration.headers, 'publisher-id')}`);
    const storeKey = await keyOf(revision);
    const rootKey = await keyOf(storeKey);
    const dir = store.store.trustRootsDir;
    const roots = loadTrustRoots(readdirSync(dir).map((file) => readFileSync(join(dir, file))));
    const chain = [revision, declaration, account, storeKey];
    expect(() => verifyChain(chain, roots)).not.toThrow();
    expect(() => verifyChain(chain, canonicalTrustRoots())).toThrow(SnapError);
    expect(rootKey.signKeyId).toBe(rootKey.primaryKey[0]);
  });

  it('takes the optional part of a primary key or leaves it', async () => {
    const { json } = await store.get('/sandbox/snaps');
    const { snaps } = json as { snaps: { revisions: { 'sha3-384': string }[] }[] };
    const digest = Buffer.from(snaps[0]?.revisions[0]?.['sha3-384'] ?? '', 'hex').toString('base64url');
    const short = await assertion(`snap-revision/${digest}`);
    expect((await assertion(`snap-revision/${digest}/global-upload`)).bytes.equals(short.bytes)).toBe(true);
  });

  it('is the same bytes after a restart', async () => {
    const before = await assertion(DECLARATION);
    store = await store.restart();
    expect((await assertion(DECLARATION)).bytes.equals(before.bytes)).toBe(true);
  });

  it.each([
    [`${SET}?sequence=latest`, '2'],
    [`${SET}?sequence=1`, '1'],
    [`${SET}/2`, '2'],
  ])('has %s of a sequence that its developer signed', async (path, sequence) => {
    const { bytes } = await store.get(`/v2/assertions/${path}`);
    const set = parseAssertion(bytes);
    expect(set.headers).toMatchObject({ 'authority-id': DEVELOPER, 'account-id': DEVELOPER, sequence });
    const key = await keyOf(set);
    expect(key.headers).toMatchObject({ 'account-id': DEVELOPER });
  });

  it.each([
    'account/nobody',
    'validation-set/16/nobody/none',
    'validation-set/16/nobody/none/1',
    'validation-set/16/nobody/none?sequence=latest',
    SET,
    `${SET}?sequence=3`,
  ])('has no %s, in the one form that snapd takes for "not found"', async (path) => {
    const { status, headers, bytes } = await store.get(`/v2/assertions/${path}`);
    expect([status, headers.get('content-type')]).toEqual([404, 'application/json']);
    expect(bytes.toString()).toBe('{"error-list":[{"code":"not-found","message":"not found"}]}');
  });

  it.each(['account', 'account/a/b', 'snap-declaration/16', 'no-such-type/x', 'account/%ff'])(
    'refuses %s with 400',
    async (path) => {
      expect((await store.get(`/v2/assertions/${path}`)).status).toBe(400);
    },
  );
});
