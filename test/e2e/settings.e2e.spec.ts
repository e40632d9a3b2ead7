import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programOf } from '#apps/host/src/programs';
import { noteSigner } from '#tlog';

const LEDGER_VKEY = noteSigner('site.example', Buffer.alloc(32, 1)).vkey;

let folder: string;
let keys: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-settings-'));
  await writeFile(join(folder, 'key'), 'ab'.repeat(32));
  await writeFile(join(folder, 'ledger.vkey'), LEDGER_VKEY);
  await writeFile(join(folder, 'vkey'), 'site.example/policy+0123abcd+AAAA');
  const key = join(folder, 'key');
  keys = {
    HOLDFAST_SITE_KEY_FILE: key,
    HOLDFAST_LEDGER_KEY_FILE: key,
    HOLDFAST_POLICY_KEY_FILE: key,
    HOLDFAST_PROXY_KEY_FILE: key,
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts a server with all that it needs, and one setting that is wrong. @returns its exit code and last line */
async function startWith(
  server: 'control' | 'worker' | 'projector' | 'proxy',
  wrong: Record<string, string>,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const free = Object.fromEntries(
    ['CONTROL', 'WORKER', 'PROJECTOR', 'PROXY'].map((name) => [`HOLDFAST_${name}_HEALTH_PORT`, '0']),
  );
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/holdfast',
    HOLDFAST_ORIGIN: 'site.example',
    HOLDFAST_KEPT_DIR: join(folder, 'kept'),
    HOLDFAST_CACHE_DIR: join(folder, 'cache'),
    HOLDFAST_LEDGER_DIR: join(folder, 'ledger'),
    HOLDFAST_LEDGER_SECOND_DIR: join(folder, 'second'),
    HOLDFAST_POLICY_VKEY_FILE: join(folder, 'vkey'),
    HOLDFAST_LEDGER_VKEY_FILE: join(folder, 'ledger.vkey'),
    ...keys,
    ...free,
    ...wrong,
  };
  const child = spawn(process.execPath, [programOf(server)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said: said.trim().split('\n').at(-1) ?? '' };
}

describe('a server', () => {
  it.each([
    ['control', 'HOLDFAST_CONTROL_PORT', 'eighty'],
    ['control', 'HOLDFAST_SITE_KEY_FILE', '/dev/null'],
    ['control', 'HOLDFAST_CONTROL_PROT', '8080'],
    ['worker', 'HOLDFAST_TRUST_ROOTS', '/dev/null/x'],
    ['worker', 'HOLDFAST_KEPT_DIR', '/dev/null/x'],
    ['projector', 'HOLDFAST_LEDGER_KEY_FILE', '/dev/null'],
    ['projector', 'HOLDFAST_POLICY_KEY_FILE', '/nowhere'],
    ['projector', 'HOLDFAST_LEDGER_SECOND_DIR', '/dev/null/x'],
    ['proxy', 'HOLDFAST_POLICY_VKEY_FILE', '/dev/null'],
    ['proxy', 'HOLDFAST_PROXY_KEY_FILE', '/dev/null'],
    ['proxy', 'HOLDFAST_PROXY_HEALTH_PORT', '-1'],
  ] as const)('%s does not start with %s=%s: it names it and ends with 2', async (server, variable, text) => {
    const { code, said } = await startWith(server, { [variable]: text });
    const { level, settings } = JSON.parse(said) as { level: string; settings: readonly string[] };
    expect({ code, level }).toEqual({ code: 2, level: 'fatal' });
    expect(settings).toEqual([expect.stringMatching(`^${variable}[ :]`)]);
  });
});
