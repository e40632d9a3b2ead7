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
type Server = 'control' | 'worker' | 'projector' | 'proxy';
const started: ChildProcess[] = [];

/** A process by a clock that is wrong, and what it has printed. */
interface Started {
  readonly child: ChildProcess;
  readonly said: () => string;
}

/**
 * A second instance of a server of the site, with the same settings on free ports, by a clock that is wrong: Debian's libfaketime.
 * Only the clock of the day is faked, as when it is set: what measures how long something takes goes on.
 */
async function startWithClock(offset: string, server: Server): Promise<Started> {
  const environment = await environmentOf(server);
  const name = server.toUpperCase();
  const isPublic = server === 'control' || server === 'proxy';
  const child = spawn(process.execPath, [`dist/apps/${server}/src/main.js`], {
    env: {
      ...environment,
      ...(isPublic ? { [`HOLDFAST_${name}_PORT`]: '0' } : {}),
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
  return { child, said: () => said };
}

/** One that people or devices can talk to. @returns its address */
async function withClock(offset: string, server: 'control' | 'proxy'): Promise<string> {
  const { said } = await startWithClock(offset, server);
  return await vi.waitUntil(() => /"url":"([^"]+)"[^\n]*"ready"/.exec(said())?.[1], {
    timeout: 60_000,
    interval: 50,
  });
}

/** One that waits for its turn gets it: the site's own is killed, as often as it comes back before. */
async function takesOver(offset: string, server: 'worker' | 'projector'): Promise<ChildProcess> {
  const { child, said } = await startWithClock(offset, server);
  const isTheOne = async (): Promise<boolean> => {
    if (said().includes(`this is the one ${server}`)) return true;
    await ownProcess(server).then(
      ({ pid }) => process.kill(pid, 'SIGKILL'),
      () => undefined,
    );
    return false;
  };
  await vi.waitUntil(isTheOne, { timeout: 60_000, interval: 2_000 });
  return child;
}

/** The site's own process, by the right clock. */
async function ownProcess(server: Server): Promise<{ readonly pid: number; readonly environment: string }> {
  for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const [command, environment] = await Promise.all([
      readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => ''),
      readFile(`/proc/${id}/environ`, 'utf8').catch(() => ''),
    ]);
    const own = environment.includes(site.home) && !environment.includes('FAKETIME=');
    if (own && command.includes(`apps/${server}/`)) return { pid: Number(id), environment };
  }
  throw new Error(`${server} does not run`);
}

async function environmentOf(server: Server): Promise<Record<string, string>> {
  const { environment } = await ownProcess(server);
  const pairs = environment.split('\0').filter((pair) => /^(HOLDFAST_|DATABASE_URL=|PATH=)/.test(pair));
  const values = pairs.map((pair): [string, string] => {
    const end = pair.indexOf('=');
    return [pair.slice(0, end), pair.slice(end + 1)];
  });
  return Object.fromEntries(values);
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

async function offered(proxy: string, { snap, channel, revision: held } = HOLD): Promise<string | undefined> {
  const action = {
    action: 'download',
    'instance-key': 'a',
    name: snap,
    channel,
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
  return revision === held ? download?.url : undefined;
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

  it('R06: back two hours: commands are taken, their events say so, and the record goes on in its order', async () => {
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
    expect((await board.at(back).approve(during)).status).toBe('effective');
    const vkey = (await readFile(join(site.home, 'secrets/ledger.vkey'), 'utf8')).trim();
    const { size } = await verifyLog(filesystemLogReader(join(site.home, 'ledger')), [noteVerifier(vkey)]);
    expect(size > BigInt(third.position)).toBe(true);
  });

  it('R06: back two hours: that is on record, of the server that starts by such a clock', async () => {
    await withClock('-2h', 'control');
    const noted = async (type: string) => (await board.eventsIn('clock', type)).map(({ data }) => data);
    const said = await vi.waitUntil(
      async () => {
        const found = await noted('ClockBehindHistory');
        return found.length > 0 ? found : undefined;
      },
      { timeout: 30_000, interval: 100 },
    );
    // It started while two hours were missing, but for the seconds since the newest event.
    const [behind] = said as { readonly server: string; readonly behindMs: number }[];
    expect(behind?.server).toBe('control');
    expect(behind?.behindMs).toBeGreaterThan(6_900_000);
    const followed = [await noted('TimeSynchronisationNoted'), await noted('TimeSynchronisationLost')].flat();
    expect(followed).toContainEqual(expect.objectContaining({ server: 'worker' }));
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

  it('of worker and projector, back two hours: all goes on, in the order of positions, also when it is right again', async () => {
    const wrong = [await takesOver('-2h', 'worker'), await takesOver('-2h', 'projector')];
    const hold = { snap: 'lab-tool', channel: 'latest/candidate', revision: 3 };
    const { id } = await board.hold(hold);
    const [drafted, captured] = [await board.draftedAt(id), await board.happenedAt(id, 'ArtefactsCaptured')];
    expect(captured.at < drafted.at).toBe(true);
    expect(BigInt(captured.position) > BigInt(drafted.position)).toBe(true);
    await vi.waitUntil(() => offered(site.urls.proxy, hold), { timeout: 30_000, interval: 50 });

    for (const child of wrong) child.kill('SIGKILL');
    const again = await board.hold({ ...hold, revision: 7 });
    const after = await board.happenedAt(again.id, 'ArtefactsCaptured');
    expect(after.at > drafted.at).toBe(true);
    await vi.waitUntil(() => offered(site.urls.proxy, { ...hold, revision: 7 }), {
      timeout: 30_000,
      interval: 50,
    });
    const vkey = (await readFile(join(site.home, 'secrets/ledger.vkey'), 'utf8')).trim();
    const { size } = await verifyLog(filesystemLogReader(join(site.home, 'ledger')), [noteVerifier(vkey)]);
    expect(size > BigInt(after.position)).toBe(true);
  });
});
