import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { fixtureServer, goneServer } from '#upstream/testing/fixture-server';
import { hostProgram } from '../program.js';
import type { Seen } from './probes.js';

let folder: string;
let store: SandboxStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-probe-'));
  store = await startSandboxStore({ dir: folder, keysDir: join(folder, 'keys') });
});
afterEach(() => {
  process.exitCode = undefined;
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(url: string, ...argv: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  const program = await hostProgram('check-upstream', { HOLDFAST_UPSTREAM_URL: url }, (line) =>
    lines.push(line),
  );
  await program.parseAsync(['check-upstream', '--snap', 'lab-hello', ...argv], { from: 'user' });
  return lines;
}

async function report(url: string): Promise<Seen[]> {
  const [line = ''] = await run(url, '--format', 'json');
  return (JSON.parse(line) as { seen: Seen[] }).seen;
}

describe('check-upstream', () => {
  it('finds that the sandbox store does what is relied on', async () => {
    const seen = await report(store.url);
    expect(seen.filter((each) => each.otherwise !== undefined)).toEqual([]);
    expect(seen.find(({ probe }) => probe === 'refresh: download')?.facts).toContain(
      `download from ${new URL(store.url).host}`,
    );
    expect(seen.find(({ probe }) => probe === 'download: a range')?.facts).toContain('status 206');
  });

  it('says where a store answers otherwise', async () => {
    const page = await fixtureServer((_, response) => response.end('<html>'));
    const lines = await run(page.url);
    await page[Symbol.asyncDispose]();
    expect(lines.join('\n')).toMatch(/else {2}info .*no JSON object.*\n *→ expected 200 with a channel-map/);
    expect(lines.at(-1)).toMatch(/otherwise$/);
    expect(process.exitCode).toBe(1);
  });

  it('says why a store cannot be asked', async () => {
    const gone = await goneServer();
    const seen = await report(gone);
    expect(seen.every(({ otherwise }) => otherwise?.includes('cannot reach') === true)).toBe(true);
    expect((await run(gone))[0]).toMatch(/^else {2}root +no answer$/);
  });
});
