import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreUnderTest } from '../testing/store-under-test.js';

let store: StoreUnderTest;
let whole: Buffer;
const PATH = '/api/v1/snaps/download/labhelloidlabhelloidlabhelloid01_1.snap';
beforeAll(async () => {
  store = await StoreUnderTest.start();
  whole = (await store.get(PATH)).bytes;
});
afterAll(() => store.stop());

describe('downloads', () => {
  it('are squashfs images', () => {
    expect(whole.subarray(0, 4).toString()).toBe('hsqs');
    expect(whole.length).toBeGreaterThan(131_072);
  });

  it('answer HEAD with the length', async () => {
    const { status, headers, bytes } = await store.get(PATH, { method: 'HEAD' });
    expect([status, headers.get('content-length'), headers.get('accept-ranges'), bytes.length]).toEqual([
      200,
      String(whole.length),
      'bytes',
      0,
    ]);
  });

  it.each([
    ['bytes=1000-', 1000, undefined],
    ['bytes=0-9', 0, 10],
    ['bytes=5-99999999', 5, undefined],
  ])('go on from where a client stopped: %s', async (range, from, to) => {
    const { status, headers, bytes } = await store.get(PATH, { headers: { range } });
    const last = (to ?? whole.length) - 1;
    expect([status, headers.get('content-range')]).toEqual([206, `bytes ${from}-${last}/${whole.length}`]);
    expect(bytes.equals(whole.subarray(from, to))).toBe(true);
  });

  it('answer HEAD with a range as they answer GET', async () => {
    const { status, headers } = await store.get(PATH, { method: 'HEAD', headers: { range: 'bytes=1000-' } });
    expect([status, headers.get('content-length')]).toEqual([206, String(whole.length - 1000)]);
  });

  it('refuse a range behind the end, and ignore one that they do not know', async () => {
    const behind = await store.get(PATH, { headers: { range: `bytes=${whole.length}-` } });
    expect([behind.status, behind.headers.get('content-range')]).toEqual([416, `bytes */${whole.length}`]);
    expect((await store.get(PATH, { headers: { range: 'bytes=-5' } })).status).toBe(200);
  });

  it('are of deltas too, for who takes them and has the revision that they start at', async () => {
    store.store.addDelta('lab-hello', 1, 2, Buffer.from('a delta'));
    const offered = async (revision: number, headers: Record<string, string>): Promise<unknown> => {
      const key = { 'instance-key': 'hello', 'snap-id': 'labhelloidlabhelloidlabhelloid01' };
      const body = {
        context: [{ ...key, revision, 'tracking-channel': 'candidate' }],
        actions: [{ ...key, action: 'refresh' }],
      };
      const { json } = await store.post('/v2/snaps/refresh', body, headers);
      const [result] = (json as { results: { snap: { download: { deltas: unknown } } }[] }).results;
      return result?.snap.download.deltas;
    };
    const file = 'labhelloidlabhelloidlabhelloid01_1_2_xdelta3.delta';
    const url = `${store.store.url}/api/v1/snaps/download/${file}`;
    const takes = { 'snap-accept-delta-format': 'xdelta3' };
    expect(await offered(1, takes)).toMatchObject([{ source: 1, target: 2, size: 7, url }]);
    expect(await offered(1, {})).toEqual([]);
    expect(await offered(5, takes)).toEqual([]);
    expect((await store.get(`/api/v1/snaps/download/${file}`)).bytes.toString()).toBe('a delta');
  });

  it.each([
    'labhelloidlabhelloidlabhelloid01_2_1_xdelta3.delta',
    'labhelloidlabhelloidlabhelloid01_1_2.snap',
    'labhelloidlabhelloidlabhelloid01_3.snap',
    'nobody_1.snap',
    '..%2f..%2fkeys%2froot.pem',
  ])('are 404 for %s', async (file) => {
    expect((await store.get(`/api/v1/snaps/download/${file}`)).status).toBe(404);
  });
});
