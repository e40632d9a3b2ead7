import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { Board } from '#test/support/board';
import { startSite, type TestSite } from '#test/support/site';

const CLI = resolve(import.meta.dirname, '../../dist/apps/cli/src/main.js');

let folder: string;
let upstream: SandboxStore;
let site: TestSite;
let board: Board;
let token: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-old-names-'));
  for (const name of ['snap-proxy', 'holdfast']) await symlink(CLI, join(folder, name));
  upstream = await startSandboxStore({ dir: folder, keysDir: join(folder, 'keys') });
  site = await startSite(upstream);
  board = await Board.of(site.urls.control, site.home);
  token = await board.token('pipeline');
}, 180_000);

afterAll(async () => {
  await site?.stop();
  await upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The program by one of its names, as a script calls it: with a token, and with nothing else that is ours. */
async function run(
  name: string,
  ...args: string[]
): Promise<{ stdout: string; stderr: string; code: number | null }> {
  const env = { ...process.env, HOLDFAST_URL: site.urls.control, HOLDFAST_TOKEN: token };
  const child = spawn(process.execPath, [join(folder, name), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await closed;
  return { stdout, stderr, code: child.exitCode };
}

/** Has somebody approve what a command says that it asked for. */
async function approve(said: string): Promise<void> {
  const [id = said] = /CR-\d+-\d+/.exec(said) ?? [];
  expect((await board.approve(await board.captured(id))).status).toBe('effective');
}

/** What the ring holds reaches the list by itself. */
async function listed(lines: RegExp): Promise<void> {
  const isListed = async () => {
    const { code, stdout } = await run('snap-proxy', 'list-overrides', 'lab-hello');
    return code === 0 && lines.test(stdout);
  };
  await vi.waitUntil(isListed, { timeout: 60_000, interval: 200 });
}

it("a script of the Snap Store Proxy goes on, and its ring's policy makes the round through a file", async () => {
  const asked = await run('snap-proxy', 'override', 'lab-hello', 'stable=1');
  expect(asked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^lab-hello stable/) as string });
  expect(asked.stdout).toContain('is tracking upstream');
  expect((await run('snap-proxy', 'override', 'lab-hello', 'stable=1')).stderr).toBe(asked.stderr);
  await approve(asked.stderr);
  await listed(/^lab-hello stable amd64 1( \(upstream \d+\))?$/m);

  const file = join(folder, 'policy.yaml');
  const exported = (await run('holdfast', 'policy', 'export')).stdout;
  expect(exported).toContain('  lab-hello:\n    latest/stable:\n      amd64: 1\n');
  await writeFile(file, exported);
  expect(await run('holdfast', 'policy', 'diff', file)).toEqual({ code: 0, stdout: '', stderr: '' });

  const empty = `${exported.slice(0, exported.indexOf('overrides:'))}overrides: {}\n`;
  await writeFile(file, empty.replace('access: open', 'access: gated'));
  await approve((await run('holdfast', 'policy', 'apply', file)).stdout);
  await listed(/^$/);
  expect((await run('holdfast', 'policy', 'export')).stdout).toContain('access: gated');
  expect(await run('holdfast', 'policy', 'apply', file)).toMatchObject({ code: 5 });

  await writeFile(file, exported.replace(/^digest: .*\n/m, ''));
  await approve((await run('holdfast', 'policy', 'apply', file)).stdout);
  expect((await run('holdfast', 'policy', 'export')).stdout).toBe(exported);
  expect((await run('holdfast', 'policy', 'apply', file)).stdout).toBe(`ring default is as ${file} says\n`);

  const trail = await board.get<{ events: { actor: object; reason: object }[] }>(
    '/v1/audit?type=ChangeDrafted',
  );
  expect(trail.events).toHaveLength(3);
  for (const { actor, reason } of trail.events) {
    expect(actor).toMatchObject({ kind: 'token', name: 'pipeline', owner: { name: 'ana of the board' } });
    expect(reason).toMatchObject({ standing: { name: 'pipeline' } });
  }
}, 240_000);
