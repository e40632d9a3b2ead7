import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseAssertion, splitAssertions } from '#snap';
import { type Device, LAB_HELLO, LAB_TOOL } from './testing/device.js';
import { holdingHello } from './testing/holding-hello.js';
import type { ProxySite, RunningProxy } from './testing/proxy-site.js';

let site: ProxySite;
let proxy: RunningProxy;
let device: Device;

beforeAll(async () => {
  ({ site, proxy, device } = await holdingHello());
});
afterAll(async () => site.close());
afterEach(async () => {
  site.store.fault({ mode: 'none' });
  await site.upstream.shut();
  await site.upstream.reopen();
});

interface Fetched {
  readonly key: string;
  readonly 'assertion-stream-urls': readonly string[];
  readonly 'error-list'?: readonly { readonly code: string }[];
}

const declarationOf = (snapId: string, more: object = {}) => ({
  type: 'snap-declaration',
  'primary-key': ['16', snapId],
  ...more,
});

/** As snapd asks: no context, no architecture needed. */
async function fetchAssertions(...assertions: object[]): Promise<Fetched> {
  const answer = await device.post({
    context: [],
    actions: [{ action: 'fetch-assertions', key: 'AAAB', assertions }],
    'assertion-max-formats': { 'snap-declaration': 5 },
  });
  expect(answer.status).toBe(200);
  const { results } = (await answer.json()) as { results: Fetched[] };
  const [result] = results;
  if (result?.key !== 'AAAB') throw new Error('the group was not answered');
  return result;
}

async function read(url: string | undefined): Promise<Response> {
  return await fetch(url ?? '', { headers: { accept: 'application/x.ubuntu.assertion' } });
}

async function upstreamBytes(snapId: string): Promise<string> {
  return await (await fetch(`${site.store.url}/v2/assertions/snap-declaration/16/${snapId}`)).text();
}

describe('newer assertions', () => {
  it('of what is held are those that were approved, without upstream', async () => {
    const approved = await upstreamBytes(LAB_HELLO);
    await site.upstream.shut();
    const { 'assertion-stream-urls': urls } = await fetchAssertions(declarationOf(LAB_HELLO));
    expect(urls).toHaveLength(1);
    expect(await (await read(urls[0])).text()).toBe(approved);
    const { revision } = parseAssertion(approved);
    const again = await fetchAssertions(declarationOf(LAB_HELLO, { 'if-newer-than': revision }));
    expect(again['assertion-stream-urls']).toEqual([]);
    expect(again['error-list']).toBeUndefined();
  });

  it('of the rest are upstream, byte for byte, at addresses of ours', async () => {
    const { 'assertion-stream-urls': urls } = await fetchAssertions(declarationOf(LAB_TOOL));
    expect(urls).toHaveLength(1);
    expect(urls[0]?.startsWith(`${proxy.url}/assertion-stream/`)).toBe(true);
    const answer = await read(urls[0]);
    expect(answer.headers.get('content-type')).toBe('application/x.ubuntu.assertion');
    const text = await answer.text();
    expect(text).toBe(await upstreamBytes(LAB_TOOL));
    const [{ revision } = { revision: -1 }] = splitAssertions(text);

    await site.upstream.shut();
    expect((await fetchAssertions(declarationOf(LAB_TOOL)))['assertion-stream-urls']).toHaveLength(1);
    const known = await fetchAssertions(declarationOf(LAB_TOOL, { 'if-newer-than': revision }));
    expect(known['assertion-stream-urls']).toEqual([]);
  });

  it('are said to be none where upstream has none, and not to be had now where it is gone', async () => {
    const unknown = { type: 'account', 'primary-key': ['nobody'] };
    expect((await fetchAssertions(unknown))['error-list']).toMatchObject([{ code: 'not-found' }]);
    await site.upstream.shut();
    expect((await fetchAssertions(unknown))['error-list']).toMatchObject([{ code: 'upstream-unavailable' }]);
  });

  it('cannot be had at an address that is not ours, or of another store', async () => {
    const { 'assertion-stream-urls': urls } = await fetchAssertions(declarationOf(LAB_TOOL));
    expect((await read(`${proxy.url}/assertion-stream/nonsense`)).status).toBe(403);
    const other = await fetch(urls[0] ?? '', { headers: { 'x-ubuntu-store': 'another' } });
    expect(other.status).toBe(403);
  });

  it('are an error that helps when the stream breaks', async () => {
    const { 'assertion-stream-urls': urls } = await fetchAssertions(declarationOf(LAB_TOOL));
    site.store.fault({ mode: 'error-500' });
    expect((await read(urls[0])).status).toBe(503);
  });
});
