import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Device } from '#apps/demo/src/device';
import { up, type Running } from '#apps/host/src/up';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { decodeEvent, type EventEnvelope } from '#kernel';
import { filesystemLogReader } from '#ledger/published';
import type { TrustRoots } from '#snap';
import { Board } from '#test/support/board';
import { offered, trustRootsOf } from '#test/support/device';
import { startSite, type TestSite } from '#test/support/site';
import { noteVerifier, openCheckpoint, verifyLog, type Checkpoint, type NoteVerifier } from '#tlog';

const CLI = resolve(import.meta.dirname, '../../dist/apps/cli/src/main.js');

let folder: string;
let upstream: SandboxStore;
let site: TestSite;
let ownEnv: NodeJS.ProcessEnv;
let roots: TrustRoots;
let recipient: string;
let board: Board;
let restored: Running | undefined;

/** What was known of the site when it was lost: nothing else is left but its backup. */
let verifier: NoteVerifier;
let sealed: Checkpoint;
let history: readonly EventEnvelope[];

const backup = (): string => join(folder, 'backup');
const identity = (): string => join(folder, 'identity.txt');
const home = (): string => join(folder, 'restored');

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

function holdfast(env: NodeJS.ProcessEnv, ...argv: readonly string[]): ChildProcess {
  const group = { detached: true, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] };
  return spawn(process.execPath, [CLI, ...argv], { ...group, env: { PATH: process.env['PATH'], ...env } });
}

async function ended(child: ChildProcess): Promise<Ended> {
  const [said, errors, [code]] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, said: said + errors };
}

function takeBackup(): ChildProcess {
  return holdfast(ownEnv, 'backup', '--to', backup(), '--recipient', recipient);
}

function restore(...more: readonly string[]): ChildProcess {
  const argv = ['restore', '--from', backup(), '--identity', identity(), '--vkey', verifier.vkey];
  return holdfast({ HOLDFAST_HOME: home() }, ...argv, ...more);
}

/** Ends the CLI and the host under it at once, as when the machine goes. @returns false when it had ended before */
async function killAt(child: ChildProcess, reached: () => Promise<boolean>): Promise<boolean> {
  let gone = false;
  const exit = once(child, 'exit').then(() => (gone = true));
  await vi.waitUntil(async () => gone || (await reached()), { timeout: 60_000, interval: 1 });
  const killed = !gone;
  if (killed) process.kill(-(child.pid ?? 0), 'SIGKILL');
  await exit;
  return killed;
}

/** Is true as soon as there is a file below the folder that was not there before. */
async function somethingNewIn(folder: string): Promise<() => Promise<boolean>> {
  const list = (): Promise<string[]> =>
    readdir(folder, { recursive: true, withFileTypes: true }).then(
      (found) => found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
      () => [],
    );
  const before = new Set(await list());
  return async () => (await list()).some((file) => !before.has(file));
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

/** A device behind this proxy gets this revision, and what it gets verifies. */
async function fetched(proxy: string, revision: number): Promise<void> {
  const device = new Device(proxy, roots);
  await device.fetchAndVerify(await offered(device, revision));
}

async function sealedHistory(ledger: string, kept?: Checkpoint): Promise<EventEnvelope[]> {
  const events: EventEnvelope[] = [];
  const onEntry = (_position: bigint, bytes: Buffer): void => void events.push(decodeEvent(bytes));
  await verifyLog(filesystemLogReader(ledger), [verifier], { onEntry, ...(kept ? { kept } : {}) });
  return events;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-drill-'));
  upstream = await startSandboxStore({ dir: join(folder, 'upstream'), keysDir: join(folder, 'keys') });
  site = await startSite(upstream);
  ownEnv = {
    HOLDFAST_HOME: site.home,
    DATABASE_URL: site.ownerUrl,
    HOLDFAST_UPSTREAM_URL: upstream.url,
    HOLDFAST_TRUST_ROOTS: upstream.trustRootsDir,
  };
  roots = await trustRootsOf(upstream);
  const secret = await generateIdentity();
  await writeFile(identity(), `${secret}\n`);
  recipient = await identityToRecipient(secret);
  verifier = noteVerifier((await readFile(join(site.home, 'secrets', 'ledger.vkey'), 'utf8')).trim());
}, 180_000);

afterAll(async () => {
  await restored?.stop();
  await site?.stop();
  await upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The drill, in order: each step stands on the one before. */
describe('a site that is lost', { timeout: 240_000 }, () => {
  it('was backed up while it ran', async () => {
    board = await Board.of(site.urls.control, site.home);
    await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 1 });
    expect(await ended(takeBackup())).toMatchObject({ code: 0 });
    const working = board.hold({ snap: 'lab-tool', channel: 'stable', revision: 3 });
    expect(await ended(takeBackup())).toMatchObject({ code: 0 });
    await working;
  });

  it.each([
    { part: 'log/tile', snap: 'lab-tool', revision: 3 },
    { part: 'state', snap: 'lab-tool', revision: 3 },
    { part: 'blobs/sha256', snap: 'lab-hello', revision: 2 },
  ])('has a whole backup whenever the next one is killed (at $part)', async ({ part, ...item }) => {
    const checkpoint = (): Promise<string> => readFile(join(site.home, 'ledger', 'checkpoint'), 'utf8');
    let killed = false;
    // On a busy machine one may be over before it is seen to be there.
    for (let tries = 0; !killed && tries < 10; tries++) {
      const before = await checkpoint();
      await board.submit({ ...item, channel: 'candidate' });
      await vi.waitUntil(async () => (await checkpoint()) !== before, { timeout: 20_000 });
      killed = await killAt(takeBackup(), await somethingNewIn(join(backup(), part)));
    }
    expect(killed).toBe(true);
    expect(await ended(holdfast({}, 'backup', 'verify', backup()))).toMatchObject({ code: 0 });
  });

  it('has a whole backup when the disk is full', async () => {
    const argv = ['backup', '--to', backup(), '--recipient', recipient];
    // No file can grow beyond 1 KiB: writing fails as on a full disk.
    const limited = `trap '' XFSZ; ulimit -f 1; exec "$0" "$@"`;
    const env = { PATH: process.env['PATH'], ...ownEnv };
    const full = spawn('bash', ['-c', limited, process.execPath, CLI, ...argv], { env, stdio: 'pipe' });
    const failed = await ended(full);
    expect(failed.code).toBe(1);
    expect(failed.said).toContain('EFBIG');
    expect(await ended(holdfast({}, 'backup', 'verify', backup()))).toMatchObject({ code: 0 });
  });

  it('is backed up once more, and gone', async () => {
    const last = await ended(takeBackup());
    expect(last).toMatchObject({ code: 0 });
    sealed = openCheckpoint(await readFile(join(site.home, 'ledger', 'checkpoint')), [verifier]);
    history = await sealedHistory(join(site.home, 'ledger'));
    await site.stop();
    expect(await exists(site.home)).toBe(false);
  });

  it('is restored on an empty machine, although that was killed in between', async () => {
    const steps = ['restoring.json', 'secrets/site.key', 'kept/sha256', 'ledger-second/checkpoint'];
    for (const step of steps) {
      expect(await killAt(restore(), () => exists(join(home(), step)))).toBe(true);
      const other = await ended(holdfast({ HOLDFAST_HOME: home() }, 'prepare'));
      expect(other).toMatchObject({ code: 5, said: expect.stringContaining('half restored') as string });
    }
    const whole = await ended(restore());
    expect(whole).toMatchObject({ code: 0 });
    expect(whole.said).toContain(`${history.length} events`);
  });

  it('starts, with the history that it had', async () => {
    restored = await up({
      home: home(),
      env: {
        PATH: process.env['PATH'],
        HOLDFAST_UPSTREAM_URL: upstream.url,
        HOLDFAST_TRUST_ROOTS: join(home(), 'trust-roots'),
      },
      ports: { control: 0, proxy: 0 },
    });
    const events = await sealedHistory(join(home(), 'ledger'), sealed);
    expect(events.slice(0, history.length)).toEqual(history);
    expect(events[history.length]?.type).toBe('SiteRestored');
  });

  it('gives devices what was held, and keeps people, changes and captures as they were', async () => {
    if (!restored) throw new Error('the site did not start');
    await fetched(restored.urls.proxy, 1);
    const people = await Board.returning(restored.urls.control);
    const changed = await people.hold({ snap: 'lab-hello', channel: 'stable', revision: 2 });
    expect(changed.status).toBe('effective');
    await fetched(restored.urls.proxy, 2);
    const events = await sealedHistory(join(home(), 'ledger'), sealed);
    const of = (type: string, list: readonly EventEnvelope[]) =>
      list.filter((event) => event.type === type).length;
    expect(of('ArtefactsCaptured', events)).toBe(of('ArtefactsCaptured', history) + 1);
    expect(of('ChangeApplied', events)).toBe(of('ChangeApplied', history) + 1);
  });
});
