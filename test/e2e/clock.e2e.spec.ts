import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { filesystemLogReader } from '#ledger/published';
import { noteVerifier, verifyLog } from '#tlog';
import { Board, PASSWORD } from '#test/support/board';
import { startSite, type TestSite } from '#test/support/site';

const HOLD = { snap: 'lab-hello', channel: 'latest/stable', revision: 1 };
/** Debian's libfaketime, whatever the machine's architecture. */
const [library] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');
const named = library === undefined ? ', which wants libfaketime (apt install libfaketime)' : '';

let folder: string;
let upstream: SandboxStore;
let site: TestSite;
let board: Board;
const started: ChildProcess[] = [];

/**
 * A second instance of a server of the site, with the same settings on free ports, by a clock that is wrong: Debian's libfaketime.
 * Only the clock of the day is faked, as when it is set: what measures how long something takes goes on.
 * @returns its address
 */
async function withClock(offset: string, server: 'control' | 'proxy'): Promise<string> {
  const environment = await environmentOf(server);
  const name = server.toUpperCase();
  const child = spawn(process.execPath, [`dist/apps/${server}/src/main.js`], {
    env: {
      ...environment,
      [`HOLDFAST_${name}_PORT`]: '0',
      [`HOLDFAST_${name}_HEALTH_PORT`]: '0',
      HOLDFAST_CACHE_DIR: await mkdtemp(join(folder, 'cache-')),
      LD_PRELOAD: library,
      FAKETIME: offset,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return await vi.waitUntil(() => /"url":"([^"]+)"[^\n]*"ready"/.exec(said)?.[1], {
    timeout: 60_000,
    interval: 50,
  });
}

async function environmentOf(server: string): Promise<Record<string, string>> {
  for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const [command, environment] = await Promise.all([
      readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => ''),
      readFile(`/proc/${id}/environ`, 'utf8').catch(() => ''),
    ]);
    if (!command.includes(`apps/${server}/`) || !environment.includes(site.home)) continue;
    const pairs = environment.split('\0').filter((pair) => /^(HOLDFAST_|DATABASE_URL=|PATH=)/.test(pair));
    const values = pairs.map((pair): [string, string] => {
      const end = pair.indexOf('=');
      return [pair.slice(0, end), pair.slice(end + 1)];
    });
    return Object.fromEntries(values);
  }
  throw new Error(`${server} does not run`);
}

async function signIn(control: string, password = PASSWORD): Promise<{ status: number; token: string }> {
  const response = await fetch(`${control}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'ana', password }),
  });
  return { status: response.status, ...((await response.json()) as { token: string }) };
}

async function statusOf(control: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${control}/v1/change-requests?limit=1`, { headers })).status;
}

/** What is held, as soon as this proxy has taken the policy up. */
function downloadUrl(proxy: string): Promise<string> {
  return vi.waitUntil(() => offered(proxy), { timeout: 60_000, interval: 50 });
}

async function offered(proxy: string): Promise<string | undefined> {
  const action = {
    action: 'download',
    'instance-key': 'a',
    name: 'lab-hello',
    channel: 'stable',
    epoch: null,
  };
  const response = await fetch(`${proxy}/v2/snaps/refresh`, {
    method: 'POST',
    headers: { 'snap-device-series': '16', 'snap-device-architecture': 'amd64' },
    body: JSON.stringify({ context: [], actions: [action], fields: ['download', 'revision'] }),
  });
  const { results = [] } = (await response.json()) as {
    results?: { snap?: { revision: number; download: { url: string } } }[];
  };
  const { revision, download } = results[0]?.snap ?? {};
  return revision === HOLD.revision ? download?.url : undefined;
}

/** What a proxy answers to an address that another one gave out. */
async function fetched(url: string, from: string): Promise<number> {
  const { pathname } = new URL(url);
  const response = await fetch(`${from}${pathname}`);
  await response.arrayBuffer();
  return response.status;
}

describe.skipIf(library === undefined)(`a clock that is set${named}`, { timeout: 180_000 }, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-clock-'));
    upstream = await startSandboxStore({ dir: folder, keysDir: join(folder, 'keys') });
    site = await startSite(upstream);
    board = await Board.of(site.urls.control, site.home);
    await board.hold(HOLD);
  }, 120_000);

  afterAll(async () => {
    for (const child of started) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    await site?.stop();
    await upstream?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('back two hours: commands are taken, their events say so, and the record goes on in its order', async () => {
    const back = await withClock('-2h', 'control');
    const before = await board.submit({ ...HOLD, snap: 'lab-tool', revision: 3 });
    const during = await board.at(back).submit({ ...HOLD, snap: 'lab-tool', revision: 4 });
    const after = await board.submit({ ...HOLD, snap: 'lab-tool', revision: 7 });
    const first = await board.draftedAt(before.id);
    const second = await board.draftedAt(during.id);
    const third = await board.draftedAt(after.id);
    expect(second.at < first.at).toBe(true);
    expect(BigInt(second.position) > BigInt(first.position)).toBe(true);
    expect(third.at > first.at).toBe(true);
    expect(BigInt(third.position) > BigInt(second.position)).toBe(true);
    expect((await board.at(back).approve(during)).status).toBe('applied');
    const vkey = (await readFile(join(site.home, 'secrets/ledger.vkey'), 'utf8')).trim();
    const { size } = await verifyLog(filesystemLogReader(join(site.home, 'ledger')), [noteVerifier(vkey)]);
    expect(size > BigInt(third.position)).toBe(true);
  });

  it('back two hours: sessions last that much longer; ahead: they end, and none outlasts the way back', async () => {
    const [back, ahead] = await Promise.all([withClock('-2h', 'control'), withClock('+400d', 'control')]);
    const { token } = await signIn(site.urls.control);
    expect(await statusOf(back, token)).toBe(200);
    expect(await statusOf(ahead, token)).toBe(401);
    const early = await signIn(ahead);
    expect(await statusOf(ahead, early.token)).toBe(200);
    expect(await statusOf(site.urls.control, early.token)).toBe(401);
    expect(await statusOf(site.urls.control, token)).toBe(200);
  });

  it('ahead, and back: nobody stays locked out', async () => {
    const ahead = await withClock('+400d', 'control');
    for (let tries = 0; tries < 5; tries++)
      expect((await signIn(ahead, 'not the password 1')).status).toBe(401);
    expect((await signIn(ahead)).status).toBe(401);
    expect((await signIn(site.urls.control)).status).toBe(201);
  });

  it('of a proxy: what is held is offered; download addresses end early, or are lengthened, within bounds', async () => {
    const [back, ahead] = await Promise.all([withClock('-2h', 'proxy'), withClock('+400d', 'proxy')]);
    const [now, fromBack, fromAhead] = [
      await downloadUrl(site.urls.proxy),
      await downloadUrl(back),
      await downloadUrl(ahead),
    ];
    expect(await fetched(now, back)).toBe(200);
    expect(await fetched(fromBack, site.urls.proxy)).toBe(200);
    expect(await fetched(now, ahead)).toBe(410);
    expect(await fetched(fromAhead, ahead)).toBe(200);
    expect(await fetched(fromAhead, site.urls.proxy)).toBe(410);
  });
});
