import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAB_TOOL, type Device } from './testing/device.js';
import { holdingHello } from './testing/holding-hello.js';
import { rawRequest } from './testing/raw-request.js';
import type { ProxySite, RunningProxy } from './testing/proxy-site.js';

let site: ProxySite;
let proxy: RunningProxy;
let device: Device;

beforeAll(async () => {
  ({ site, proxy, device } = await holdingHello());
});
afterAll(async () => site.close());

/** Where upstream's declaration of a snap is to be read. */
async function streamOf(snapId: string): Promise<string> {
  const assertions = [{ type: 'snap-declaration', 'primary-key': ['16', snapId] }];
  const answer = await device.post({
    context: [],
    actions: [{ action: 'fetch-assertions', key: 'A', assertions }],
    'assertion-max-formats': { 'snap-declaration': 5 },
  });
  const { results } = (await answer.json()) as { results: { 'assertion-stream-urls': string[] }[] };
  return results[0]?.['assertion-stream-urls'][0] ?? '';
}

describe('Snap-Store-Version is in every answer', () => {
  const post = (path: string) => async () => await fetch(proxy.url + path, { method: 'POST' });
  const cases: readonly (readonly [string, number, () => Promise<Response>])[] = [
    [
      'a download',
      200,
      async () => await device.download((await device.install('lab-hello')).snap?.download.url ?? ''),
    ],
    ['an assertion', 200, async () => await device.assertion(`snap-declaration/16/${LAB_TOOL}`)],
    ['a stream that is none', 403, async () => await fetch(`${proxy.url}/assertion-stream/nonsense`)],
    ['a picture that is none', 403, async () => await fetch(`${proxy.url}/media/nonsense`)],
    ['a nonce', 200, post('/api/v1/snaps/auth/nonces')],
    ['a session that is refused', 400, post('/api/v1/snaps/auth/sessions')],
    ['names', 200, async () => await fetch(`${proxy.url}/api/v1/snaps/names`)],
    ['sections', 200, async () => await fetch(`${proxy.url}/api/v1/snaps/sections`)],
    ['categories', 200, async () => await fetch(`${proxy.url}/v2/snaps/categories`)],
    ['a stream', 200, async () => await fetch(await streamOf(LAB_TOOL))],
    ['what is found', 200, async () => await fetch(`${proxy.url}/v2/snaps/find?q=hello&architecture=amd64`)],
    ['what is known of one', 200, async () => await device.info('lab-hello')],
    ['a body that is too large', 413, async () => await device.post('x'.repeat(5 * 1024 * 1024))],
    ['that all is well', 200, async () => await fetch(`${proxy.url}/_status/check`)],
    [
      'that all is well, without words',
      200,
      async () => await fetch(`${proxy.url}/_status/check`, { method: 'HEAD' }),
    ],
    ['nothing', 404, async () => await fetch(`${proxy.url}/nothing`)],
  ];
  it.each(cases)('%s: %i', async (_, status, ask) => {
    const answer = await ask();
    expect([answer.status, answer.headers.get('snap-store-version')]).toEqual([status, '55']);
  });

  it.each([
    ['headers without measure', 431, `GET / HTTP/1.1\r\nhost: x\r\nx-bomb: ${'x'.repeat(17_000)}`],
    ['what is no HTTP', 400, 'nonsense\r\n\r\n'],
  ])('%s: %i, in the form of an error', async (_, status, request) => {
    const [head = '', body = ''] = (await rawRequest(proxy.url, request)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head.split('\r\n')).toEqual(
      expect.arrayContaining(['content-type: application/json', 'snap-store-version: 55']),
    );
    expect(JSON.parse(body)).toMatchObject({ 'error-list': [{ code: 'bad-request' }] });
  });
});
