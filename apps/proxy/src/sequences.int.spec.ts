import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { splitAssertions } from '#snap';
import { fixtureServer } from '#upstream/testing/fixture-server';
import { Device } from './testing/device.js';
import { holdingHello } from './testing/holding-hello.js';
import type { ProxySite, RunningProxy } from './testing/proxy-site.js';

const DEVELOPER = 'labdevlabdevlabdevlabdevlabdev00';
const KEY = ['16', DEVELOPER, 'lab-set'];
const SET = `validation-set/${KEY.join('/')}`;

let site: ProxySite;
let proxy: RunningProxy;
let device: Device;
let caches = 0;

beforeAll(async () => {
  ({ site } = await holdingHello());
});
afterAll(async () => site.close());
// Of a disk that has seen nothing.
beforeEach(async () => {
  proxy = await site.proxy(`cache-${++caches}`);
  device = new Device(proxy.url);
  await proxy.events.until(`obeyed ${site.position}`);
});
afterEach(async () => {
  await proxy.stop();
  await site.upstream.shut();
  await site.upstream.reopen();
});

async function upstreamBytes(sequence: number): Promise<string> {
  return await (await fetch(`${site.store.url}/v2/assertions/${SET}/${sequence}`)).text();
}

interface Fetched {
  readonly 'assertion-stream-urls': readonly string[];
  readonly 'error-list'?: readonly { readonly code: string }[];
}

/** As `snap validate` asks (protocol page 4.1), until the stream is read. @returns the sequences that came, or the errors' codes */
async function asked(more: object = {}): Promise<readonly string[]> {
  const answer = await device.post({
    context: [],
    actions: [
      {
        action: 'fetch-assertions',
        key: 'AAA',
        assertions: [{ type: 'validation-set', 'sequence-key': KEY, ...more }],
      },
    ],
  });
  expect(answer.status).toBe(200);
  const { results } = (await answer.json()) as { results: readonly Fetched[] };
  const [{ 'assertion-stream-urls': urls, 'error-list': errors = [] } = { 'assertion-stream-urls': [] }] =
    results;
  const sequences: string[] = [];
  for (const url of urls) {
    expect(url.startsWith(`${proxy.url}/`)).toBe(true);
    const stream = await fetch(url, { headers: { accept: 'application/x.ubuntu.assertion' } });
    expect(stream.status).toBe(200);
    for (const { primaryKey } of splitAssertions(Buffer.from(await stream.arrayBuffer())))
      sequences.push(primaryKey.at(-1) ?? '');
  }
  return [...sequences, ...errors.map(({ code }) => code)];
}

describe('a validation set', () => {
  it.each([
    ['its latest', `${SET}?sequence=latest`, 2],
    ['one of it', `${SET}?sequence=1`, 1],
    ['one of it by its whole name', `${SET}/1`, 1],
  ])('is upstream, byte for byte, and there again when upstream is gone: %s', async (_, path, sequence) => {
    const text = await (await device.assertion(path)).text();
    expect(text).toBe(await upstreamBytes(sequence));
    await site.upstream.shut();
    const again = await device.assertion(path);
    expect([again.status, await again.text()]).toEqual([200, text]);
  });

  it('that a store does not have is said to be none, and not to be had now where it is gone', async () => {
    expect((await device.assertion(`${SET}?sequence=3`)).status).toBe(404);
    expect(await asked({ sequence: 3 })).toEqual(['not-found']);
    await site.upstream.shut();
    expect((await device.assertion(`${SET}?sequence=3`)).status).toBe(503);
    expect(await asked({ sequence: 3 })).toEqual(['upstream-unavailable']);
  });

  it('is given to a device that has none, or an earlier one, and not to one that has it', async () => {
    expect(await asked()).toEqual(['2']);
    expect(await asked({ sequence: 1 })).toEqual(['1']);
    expect(await asked({ sequence: 1, 'if-newer-than': 0 })).toEqual([]);
    expect(await asked({ 'if-sequence-equal-or-newer-than': 1, 'if-newer-than': 0 })).toEqual(['2']);
    expect(await asked({ 'if-sequence-equal-or-newer-than': 2, 'if-newer-than': 0 })).toEqual([]);
  });

  it('is given by what its stream brought when upstream is gone', async () => {
    expect(await asked()).toEqual(['2']);
    expect(await asked({ sequence: 1 })).toEqual(['1']);
    await site.upstream.shut();
    expect(await asked()).toEqual(['2']);
    expect(await asked({ sequence: 1 })).toEqual(['1']);
    expect(await asked({ 'if-sequence-equal-or-newer-than': 1, 'if-newer-than': 0 })).toEqual(['2']);
    expect(await asked({ 'if-sequence-equal-or-newer-than': 2, 'if-newer-than': 0 })).toEqual([]);
    for (const path of [`${SET}?max-format=0&sequence=latest`, `${SET}/1?max-format=0`])
      expect((await device.assertion(path)).status).toBe(200);
  });

  it('is named by its sequence only where there is one', async () => {
    const refused = await device.assertion(`account/${DEVELOPER}?sequence=latest`);
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('of no sequence')]);
  });
});

describe('an upstream that answers with another one', () => {
  it.each([
    ['another number', `${SET}?sequence=2`, 1],
    ['another number, by its whole name', `${SET}/2`, 1],
    ['another set', `validation-set/16/${DEVELOPER}/other-set?sequence=latest`, 2],
    ['the set of somebody else', 'validation-set/16/somebody/lab-set?sequence=1', 1],
  ])('is not believed: %s', async (_, path, sequence) => {
    const text = await upstreamBytes(sequence);
    await using hostile = await fixtureServer((_request, response) => response.end(text));
    const misled = await site.proxy(`cache-${++caches}`, hostile.url);
    await misled.events.until(`obeyed ${site.position}`);
    const answer = await new Device(misled.url).assertion(path);
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('something else')]);
    await misled.stop();
  });
});
