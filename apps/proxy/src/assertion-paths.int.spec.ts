import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixtureServer, type FixtureServer } from '#upstream/testing/fixture-server';
import { rawRequest } from './testing/raw-request.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

const OTHER = 'otherotherotherotherotherother12';
const FUTURE = [
  'type: future-thing',
  'authority-id: canonical',
  'name: x',
  `snap-id: ${OTHER}`,
  `sign-key-sha3-384: ${'A'.repeat(64)}`,
  '',
  'AcLBUgQA',
  '',
].join('\n');

let site: ProxySite;
let upstream: FixtureServer;

beforeAll(async () => {
  site = await ProxySite.start();
  // Whatever it is asked for, it has something that no gated ring gives out.
  upstream = await fixtureServer((request, response) => {
    if (request.url?.startsWith('/v2/assertions/future-thing/')) response.end(FUTURE);
    else response.end(FUTURE.replace('future-thing', 'snap-declaration'));
  });
});
afterAll(async () => {
  await site?.close();
  await upstream?.[Symbol.asyncDispose]();
});

const RINGS = [
  ['open', 'open', undefined],
  ['open, where it is denied', 'open', { denied: [{ format: 'snap', subject: OTHER, name: 'other' }] }],
  ['gated', 'gated', undefined],
] as const;

describe.each(RINGS)('in a ring that is %s', (_name, access, lists) => {
  let proxy: RunningProxy;
  beforeAll(async () => {
    const { position } = await site.decide(access, [], lists);
    proxy = await site.proxy(`cache-${position}`, upstream.url);
    await proxy.events.until(`obeyed ${position}`);
  });
  afterAll(() => proxy?.stop());
  let before = 0;
  beforeEach(() => {
    before = upstream.requests.length;
  });

  /** As no HTTP client would send it. */
  async function status(path: string): Promise<string> {
    const answer = await rawRequest(
      proxy.url,
      `GET ${path} HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\n\r\n`,
    );
    return answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3);
  }

  it.each([
    `/v2/assertions/zz/../snap-declaration/16/${OTHER}`,
    `/v2/assertions/zz/%2e%2e/snap-declaration/16/${OTHER}`,
    `/v2/assertions/zz/.%2E/snap-declaration/16/${OTHER}`,
    `/v2/assertions/./snap-declaration/16/${OTHER}`,
    `/v2/assertions/../assertions/snap-declaration/16/${OTHER}`,
    `/v2/assertions/account/../snap-declaration/16/${OTHER}`,
    '/v2/assertions/zz/../../../api/v1/snaps/download/id_7.snap',
    '/v2/assertions/zz/../../snaps/info/lab-hello',
    `/v2/assertions/zz%2f..%2fsnap-declaration/16/${OTHER}`,
    `/v2/assertions/Snap-Declaration/16/${OTHER}`,
  ])('what leads elsewhere is refused, and upstream is not asked: %s', async (path) => {
    expect(await status(path)).toMatch(/^4\d\d$/);
    expect(upstream.requests.length).toBe(before);
  });

  it('a type that we do not know is passed on as what it is, unless it is of a snap that the ring denies', async () => {
    const expected = lists ? '404' : '200';
    expect(await status('/v2/assertions/future-thing/x')).toBe(expected);
    // Upstream answers with another type than was asked for.
    expect(await status('/v2/assertions/other-thing/x')).toBe('503');
    expect(upstream.requests.length).toBe(before + 2);
  });
});
