import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestAuthority } from '#platform/tls/testing/test-authority';
import { readWayOut } from './read-way-out.js';
import type { WayOutSettings } from './settings.js';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'holdfast-way-out-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const NOTHING: WayOutSettings = {
  forwardProxy: undefined,
  forwardProxyCredentialsFile: undefined,
  noProxy: '',
  upstreamCaFile: undefined,
};
const PROXY = { ...NOTHING, forwardProxy: 'http://proxy.site.example:3128' };

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('the way out', () => {
  it('is direct, with the authorities of Node, unless settings say otherwise', async () => {
    expect(await readWayOut(NOTHING)).toEqual({});
  });

  it('leads through the forward proxy, with credentials from a file', async () => {
    const credentials = await file('credentials', 'holdfast:with:colons ü\n');
    const { proxy } = await readWayOut({
      ...PROXY,
      forwardProxyCredentialsFile: credentials,
      noProxy: '.site.example',
    });
    expect(proxy?.url.host).toBe('proxy.site.example:3128');
    expect(proxy?.authorization).toBe(`Basic ${Buffer.from('holdfast:with:colons ü').toString('base64')}`);
    expect(proxy?.direct(new URL('http://mirror.site.example'))).toBe(true);
  });

  it('believes the authorities of a file, whatever else stands in it', async () => {
    const [one, two] = [TestAuthority.root('One').issued.pem, TestAuthority.root('Two').issued.pem];
    const upstreamCaFile = await file('ca.pem', `# one\n${one}\n# two\n${two}`);
    expect((await readWayOut({ ...NOTHING, upstreamCaFile })).authorities?.match(/BEGIN/g)).toHaveLength(2);
  });

  it.each(['no colon', ':nobody', 'two:lines\nof:them', 'with\0:control', ''])(
    'refuses %j as credentials, and does not show them',
    async (text) => {
      const forwardProxyCredentialsFile = await file('wrong', text);
      const read = readWayOut({ ...PROXY, forwardProxyCredentialsFile });
      await expect(read).rejects.toThrow(
        `HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE is "${forwardProxyCredentialsFile}": it must hold one line, user:password.`,
      );
    },
  );

  it('refuses credentials for nobody, a missing file, and what holds no certificate', async () => {
    const credentials = await file('unused', 'a:b');
    await expect(readWayOut({ ...NOTHING, forwardProxyCredentialsFile: credentials })).rejects.toThrow(
      'HOLDFAST_FORWARD_PROXY names no proxy to show them to',
    );
    await expect(readWayOut({ ...NOTHING, upstreamCaFile: join(folder, 'none') })).rejects.toThrow('ENOENT');
    await expect(readWayOut({ ...NOTHING, upstreamCaFile: credentials })).rejects.toThrow(
      'it has no certificate in PEM',
    );
    const cut = await file('cut.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----');
    await expect(readWayOut({ ...NOTHING, upstreamCaFile: cut })).rejects.toThrow(
      'its certificate 1 cannot be read',
    );
  });
});
