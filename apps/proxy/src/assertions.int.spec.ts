import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseAssertion, scalarOf } from '#snap';
import { type Device, LAB_HELLO, LAB_TOOL } from './testing/device.js';
import { holdingHello } from './testing/holding-hello.js';
import type { ProxySite } from './testing/proxy-site.js';

let site: ProxySite;
let device: Device;

beforeAll(async () => {
  ({ site, device } = await holdingHello());
});
afterAll(async () => site.close());
afterEach(async () => {
  site.store.fault({ mode: 'none' });
  await site.upstream.shut();
  await site.upstream.reopen();
});

const declaration = (snapId: string) => `snap-declaration/16/${snapId}?max-format=5`;

async function upstreamBytes(path: string): Promise<string> {
  return await (await fetch(`${site.store.url}/v2/assertions/${path}`)).text();
}

describe('an assertion of a held revision', () => {
  it('is there without upstream, the whole chain of it, byte for byte', async () => {
    const content = await device.install('lab-hello');
    const digest = Buffer.from(content.snap?.download['sha3-384'] ?? '', 'hex').toString('base64url');
    const { headers } = parseAssertion(await upstreamBytes(declaration(LAB_HELLO)));
    const paths = [
      `snap-revision/${digest}?max-format=0`,
      declaration(LAB_HELLO),
      `account/${scalarOf(headers, 'publisher-id')}?max-format=0`,
      `account-key/${scalarOf(headers, 'sign-key-sha3-384')}?max-format=0`,
    ];
    const expected = await Promise.all(paths.map(upstreamBytes));
    await site.upstream.shut();
    for (const [i, path] of paths.entries()) {
      const answer = await device.assertion(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/x.ubuntu.assertion');
      expect(await answer.text()).toBe(expected[i]);
    }
  });

  it('is found by its full key as well as by its short one', async () => {
    await site.upstream.shut();
    const { snap } = await device.install('lab-hello');
    const digest = Buffer.from(snap?.download['sha3-384'] ?? '', 'hex').toString('base64url');
    expect((await device.assertion(`snap-revision/${digest}/global-upload`)).status).toBe(200);
  });
});

describe('any other assertion', () => {
  it('is upstream, byte for byte, and there again when upstream is gone', async () => {
    const expected = await upstreamBytes(declaration(LAB_TOOL));
    expect(await (await device.assertion(declaration(LAB_TOOL))).text()).toBe(expected);
    await site.upstream.shut();
    expect(await (await device.assertion(declaration(LAB_TOOL))).text()).toBe(expected);
  });

  it('is not taken from a cached file that was edited', async () => {
    const path = declaration('EISPgh06mRh1vordZY9OZ34QHdd7OrdR');
    expect((await device.assertion(path)).status).toBe(200);
    await site.upstream.shut();
    const folder = join(site.folder, 'cache', 'assertions');
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), 'latin1');
      await writeFile(join(folder, name), text.replaceAll('series: 16', 'series: 17'), 'latin1');
    }
    expect((await device.assertion(path)).status).toBe(503);
  });

  it('is an error when upstream is gone', async () => {
    await site.upstream.shut();
    const answer = await device.assertion('account/nobody-we-know?max-format=0');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ 'error-list': [{ code: 'upstream-unavailable' }] });
  });

  it('does not keep a held snap from a device of a brand when upstream is gone', async () => {
    await site.upstream.shut();
    expect((await device.assertion('store/a-brand?max-format=0')).status).toBe(404);
  });
});

it('says in the exact form that there is none', async () => {
  const unknown = createHash('sha3-384').update('unknown').digest('base64url');
  const answer = await device.assertion(`snap-revision/${unknown}?max-format=0`);
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(await answer.text()).toBe('{"error-list":[{"code":"not-found","message":"not found"}]}');
});

it.each([
  'snap-declaration/16',
  'snap-declaration/16/a/b/c',
  'account',
  'account/',
  'account/a%2Fb',
  'account/%zz',
  'account/me?max-format=x',
  'validation-set/16/me/set?sequence=newest',
])('refuses %s with 400', async (path) => {
  const answer = await device.assertion(path);
  expect(answer.status).toBe(400);
  expect(answer.headers.get('snap-store-version')).toBe('55');
  expect(answer.headers.get('content-type')).toBe('application/json');
});
