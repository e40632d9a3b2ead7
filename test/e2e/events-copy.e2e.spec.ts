import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { OwnCluster } from '#apps/host/src/fixtures/own-cluster';
import { hostProgram } from '#apps/host/src/program';
import { readSecret } from '#apps/host/src/secret-files';
import { up, type Running } from '#apps/host/src/up';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { InProcessEventStoreDb } from '#event-store/eventstoredb/testing/in-process-eventstoredb';
import { Board, type Shown } from '#test/support/board';
import { freePort } from '#platform/database/free-port';

let folder: string;
let home: string;
let cluster: OwnCluster;
let database: string;
let upstream: SandboxStore;
let events: InProcessEventStoreDb;
let port: number;
let running: Running | undefined;
let board: Board;
let first: Shown;
const log: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-events-copy-'));
  home = join(folder, 'home');
  cluster = await OwnCluster.start();
  database = await cluster.database();
  upstream = await startSandboxStore({ dir: folder, keysDir: join(folder, 'keys') });
  events = await InProcessEventStoreDb.started();
  port = await freePort();
}, 120_000);
afterAll(async () => {
  await running?.stop();
  await upstream.close();
  events.stop();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(where: 'postgresql' | 'eventstoredb'): Promise<void> {
  running = await up({
    home,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database,
      HOLDFAST_UPSTREAM_URL: upstream.url,
      HOLDFAST_TRUST_ROOTS: upstream.trustRootsDir,
      ...(where === 'eventstoredb' ? { EVENTSTORE_URL: events.url } : {}),
    },
    ports: { control: port, proxy: 0 },
    log: (line) => log.push(line),
  }).catch((error: unknown) => {
    throw new Error(`the site did not start:\n${log.slice(-40).join('\n')}`, { cause: error });
  });
}

async function stop(): Promise<void> {
  await running?.stop();
  running = undefined;
}

async function host(...argv: string[]): Promise<string[]> {
  const lines: string[] = [];
  const env = { HOLDFAST_HOME: home, DATABASE_URL: database, EVENTSTORE_URL: events.url };
  const program = await hostProgram(argv[0], env, (line) => lines.push(line));
  await program.parseAsync(argv, { from: 'user' });
  return lines;
}

function ownEvents(): number {
  return events.log.records.filter(({ type }) => !type.startsWith('$')).length;
}

/** Of the running site, once its read models show everything. */
interface Status {
  readonly position: string;
  readonly eventStore: object;
  readonly projections: readonly { readonly lag: string }[];
}

function status(): Promise<Status> {
  return vi.waitUntil(
    async () => {
      const shown = await board.get<Status>('/v1/status');
      return shown.projections.every(({ lag }) => lag === '0') ? shown : undefined;
    },
    { timeout: 40_000, interval: 100 },
  );
}

async function compared(): Promise<{ sealed: string; differences: object[] }> {
  const vkey = (await readSecret(join(home, 'secrets', 'ledger.vkey'))) ?? '';
  const [line] = await host('compare-ledger', join(home, 'ledger'), '--vkey', vkey);
  return JSON.parse(line ?? '') as { sealed: string; differences: object[] };
}

describe('a site founded on PostgreSQL', () => {
  it('is not copied while it runs', async () => {
    await start('postgresql');
    board = await Board.of(`http://127.0.0.1:${port}`, home);
    first = await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 1 });
    await expect(host('events', 'copy', '--to', 'eventstoredb')).rejects.toThrow(
      /in use by another Holdfast/,
    );
    expect(events.log.records).toEqual([]);
    await stop();
  }, 180_000);

  it('is copied to EventStoreDB, equal to its ledger', async () => {
    const [row] = await cluster.rows<{ next: string }>(
      database,
      'select next_position::text as next from events.head',
    );
    const said = await host('events', 'copy', '--to', 'eventstoredb');
    expect(said[0]).toBe(`${row?.next} events are in eventstoredb, ${row?.next} of them copied now`);
    expect(said[1]).toBe(`${row?.next} sealed entries of the ledger equal them`);
    expect(ownEvents()).toBe(Number(row?.next));
    await expect(host('events', 'copy', '--to', 'eventstoredb')).rejects.toThrow(/in eventstoredb already/);
  }, 60_000);

  it('does not start from the old copy any more', async () => {
    await expect(start('postgresql')).rejects.toMatchObject({ cause: { code: 'store-not-in-use' } });
  }, 60_000);

  it('goes on in EventStoreDB: nothing is done again, a new change works, the ledger is one history', async () => {
    const before = events.log.records.length;
    await start('eventstoredb');
    expect((await board.show(first.id)).status).toBe('effective');
    const second = await board.hold({ snap: 'lab-tool', channel: 'stable', revision: 3 });
    expect(second.status).toBe('effective');
    const shown = await status();
    expect(shown.eventStore).toEqual({ kind: 'eventstoredb', experimental: true });
    expect(Number(shown.position)).toBe(ownEvents() - 1);
    // What reactors had handled is handled: the first request's stream has not grown.
    const grown = events.log.records.slice(before).filter(({ stream }) => stream.endsWith(first.id));
    expect(grown).toEqual([]);
    await stop();
    expect(await compared()).toEqual({ sealed: String(ownEvents()), unsealed: 0, differences: [] });
  }, 180_000);

  it('goes back to PostgreSQL, onto the old copy there', async () => {
    const said = await host('events', 'copy', '--to', 'postgresql');
    expect(said[0]).toMatch(
      new RegExp(`^${ownEvents()} events are in postgresql, [0-9]+ of them copied now$`),
    );
    await start('postgresql');
    const third = await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 2 });
    expect(third.status).toBe('effective');
    expect((await status()).eventStore).toEqual({ kind: 'postgresql', experimental: false });
    await stop();
  }, 180_000);
});
