import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { programOf } from '#apps/host/src/programs';
import { KEPT_BLOBS_STREAM, keptBlobs } from '#catalog/domain/kept-blobs/kept-blobs';
import { SigningAuthority } from '#catalog/testing/signing-authority';
import { testStore, type TestStore } from '#catalog/testing/test-store';
import { LEDGER_STREAM, verification } from '#ledger/domain/verification/verification';
import { LedgerWriter } from '#ledger/published';
import { person, personStream } from '#identity/domain/person/person';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { sinks, SINKS_STREAM } from '#notifications/domain/sinks/sinks';
import { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import { site, SITE_STREAM } from '#site/domain/site';
import { byPerson } from '#test/support/decider-specification';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { noteSigner } from '#tlog';

const signer = noteSigner('site.example', Buffer.alloc(32, 1));
const ledgerKey = signer.vkey;
const PATIENCE = { timeout: 60_000, interval: 50 };

let folder: string;
let database: TestDatabase;
let owner: pg.Pool;
let control: PostgresEventStore;
let writer: StreamWriter;
let upstream: TestStore;
const workers: ChildProcess[] = [];
const said = new Map<ChildProcess, string>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-worker-take-over-'));
  database = await testDatabase();
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
  control = new PostgresEventStore(database.url('control'));
  writer = new StreamWriter(control, 'Etc/UTC');
  await writer.decideAndAppend(site, SITE_STREAM, {
    type: 'FoundSite',
    identity: { origin: 'site.example', ledgerKey, policyKey: ledgerKey },
    context: byPerson('Ana', ['admin']),
  });
  const authority = new SigningAuthority();
  upstream = await testStore(authority);
  await writeFile(path.join(folder, 'ledger.vkey'), ledgerKey);
  await mkdir(path.join(folder, 'roots'));
  await writeFile(path.join(folder, 'roots', 'account.assert'), authority.account.bytes);
  await writeFile(path.join(folder, 'roots', 'key.assert'), authority.rootKey.bytes);
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await upstream[Symbol.asyncDispose]();
  await control.close();
  await owner.end();
  await rm(folder, { recursive: true, force: true });
});

/** The built program, as a site starts it. */
function startWorker(): ChildProcess {
  const worker = spawn(process.execPath, [programOf('worker')], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database.url('worker'),
      HOLDFAST_KEPT_DIR: path.join(folder, 'kept'),
      HOLDFAST_LEDGER_VKEY_FILE: path.join(folder, 'ledger.vkey'),
      HOLDFAST_LEDGER_DIR: path.join(folder, 'ledger'),
      HOLDFAST_LEDGER_SECOND_DIR: path.join(folder, 'ledger-second'),
      HOLDFAST_TRUST_ROOTS: path.join(folder, 'roots'),
      HOLDFAST_UPSTREAM_URL: upstream.url,
      HOLDFAST_WORKER_HEALTH_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  workers.push(worker);
  worker.stdout?.on('data', (chunk: Buffer) => said.set(worker, (said.get(worker) ?? '') + chunk.toString()));
  return worker;
}

/** Once it says that it holds the lease. */
async function epochOf(worker: ChildProcess): Promise<bigint> {
  const epoch = await vi.waitUntil(() => {
    const lines = said.get(worker)?.split('\n') ?? [];
    const line = lines.find((each) => each.includes('this is the one worker'));
    return /"epoch":"(\d+)"/.exec(line ?? '')?.[1];
  }, PATIENCE);
  return BigInt(epoch);
}

async function submit(id: string): Promise<void> {
  await writer.decideAndAppend(changeRequest, changeRequestStream(id), {
    type: 'DraftChange',
    id,
    ring: 'default',
    items: [{ format: 'snap', name: 'lab-hello', channel: 'latest/stable', version: '5' }],
    submit: true,
    context: byPerson('Ana', ['author']),
  });
}

async function captured(id: string): Promise<void> {
  await vi.waitFor(async () => {
    const { state } = await writer.load(changeRequest, changeRequestStream(id));
    expect(state.status).toBe('captured');
  }, PATIENCE);
}

async function rows(text: string): Promise<unknown[]> {
  const { rows: found } = await owner.query<object>(text);
  return found;
}

describe('of two workers', () => {
  it('the second takes over from one that was killed in a capture, and nothing is lost or done twice', async () => {
    const first = startWorker();
    const epoch = await epochOf(first);
    const second = startWorker();
    await vi.waitFor(async () => {
      expect(await rows(`select from pg_locks where locktype = 'advisory' and not granted`)).toHaveLength(1);
    }, PATIENCE);
    // The download never ends.
    upstream.intercept = ({ url }) => url?.startsWith('/download/') ?? false;
    await submit('CR-1');
    await vi.waitFor(() => expect(upstream.requests.at(-1)?.url).toMatch(/^\/download\//), PATIENCE);
    expect(said.get(second) ?? '').not.toContain('this is the one worker');
    first.kill('SIGKILL');
    await once(first, 'exit');
    upstream.intercept = () => false;

    expect(await epochOf(second)).toBeGreaterThan(epoch);
    await captured('CR-1');
    await submit('CR-2');
    await captured('CR-2');
    const outcomes = `select stream, count(*)::integer from events.event where type = 'ArtefactsCaptured' group by stream order by stream`;
    expect(await rows(outcomes)).toEqual(
      ['CR-1', 'CR-2'].map((id) => ({ stream: changeRequestStream(id), count: 1 })),
    );
  }, 180_000);
});

async function killWorkers(): Promise<void> {
  const alive = workers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  for (const worker of alive) {
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }
}

/** Somebody who gave five wrong passwords. */
async function lockOut(id: string): Promise<void> {
  const context = byPerson('Ana', ['admin']);
  const credential = { id: 'secret', verifierDigest: 'a'.repeat(64) };
  const expiresAt = new Date(Date.parse(context.at) + 3_600_000).toISOString();
  const { at } = context;
  const stream = personStream(id);
  await writer.decideAndAppend(person, stream, {
    type: 'EnrolPerson',
    person: id,
    login: 'eve',
    name: 'Eve',
    roles: [],
    firstAdmin: false,
    verification: 'badge 1234 seen by A. Meier',
    credential: { ...credential, kind: 'enrolment-secret', expiresAt },
    request: 'request-1',
    context,
  });
  await writer.decideAndAppend(person, stream, {
    type: 'SetFirstPassword',
    credential: { ...credential, id: 'password' },
    enrolment: 'secret',
    context,
  });
  await writer.decideAndAppend(person, stream, {
    type: 'RecordFailures',
    counted: { failures: 5, first: at, last: at },
    context,
  });
}

describe('R39: alarms', () => {
  it('reach a sink although the worker is killed before they are told, and go on with the next one', async () => {
    let told = '';
    const receiver = createServer((socket) => {
      socket.on('data', (bytes: Buffer) => (told += bytes.toString())).on('error', () => undefined);
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void receiver.close());
    const context = byPerson('Olga', ['operator']);
    await writer.decideAndAppend(sinks, SINKS_STREAM, {
      type: 'AddSink',
      name: 'watch',
      target: {
        kind: 'syslog',
        server: `syslog+tcp://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
      },
      filter: { about: ['alarms'], types: [] },
      secret: null,
      giveUpAfterHours: 24,
      from: null,
      context,
    });
    const damage = (digest: string) =>
      writer.decideAndAppend(keptBlobs, KEPT_BLOBS_STREAM, {
        type: 'ReportDamage',
        damage: { digest: digest.repeat(64), why: 'it is not what its name says' },
        context,
      });
    await damage('a');
    await vi.waitFor(() => expect(told).toContain('KeptBlobDamaged'), PATIENCE);
    const before = told.length;
    await killWorkers();
    await damage('b');
    await lockOut('Eve');
    expect(told.length).toBe(before);
    await epochOf(startWorker());
    await vi.waitFor(() => expect(told.slice(before)).toContain('PersonLockedOut'), PATIENCE);
    expect(told.slice(before)).toContain('KeptBlobDamaged');
  }, 180_000);
});

/** As the projector does. */
async function seal(): Promise<void> {
  const { rows: events } = await owner.query<{ bytes: Buffer }>(
    'select bytes from events.event order by position',
  );
  const places = { folder: path.join(folder, 'ledger'), secondFolder: path.join(folder, 'ledger-second') };
  const ledger = await LedgerWriter.open(places, signer, { epoch: 1n, during: (work) => work() });
  ledger.append(
    0n,
    events.map(({ bytes }) => bytes),
  );
  await ledger.seal();
}

/** A server process of the database goes on with what it waits for although its client is dead: what was to be appended would come after all. */
async function endWaiting(): Promise<void> {
  await owner.query(`select pg_terminate_backend(pid, 60000) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`);
}

describe('R39: what the verifier finds', () => {
  it('is told, once, although the worker is killed between finding and telling', async () => {
    await killWorkers();
    await seal();
    await owner.query(`begin;
      alter table events.event disable trigger user;
      update events.event set bytes = set_byte(bytes, 9, get_byte(bytes, 9) # 1) where type = 'ChangeDrafted';
      alter table events.event enable trigger user;
      commit`);
    const findings = 'ledger and events do not agree';
    const finding = (worker: ChildProcess) =>
      vi.waitFor(() => expect(said.get(worker)).toContain(findings), PATIENCE);
    const failing = async () => (await writer.load(verification, LEDGER_STREAM)).state.failing;
    // Nothing can be appended: it has found it, and cannot tell.
    await owner.query('begin');
    await owner.query('select * from events.head for update');
    const killed = startWorker();
    await finding(killed);
    await killWorkers();
    await endWaiting();
    await owner.query('rollback');
    expect(await failing()).toBeNull();

    await finding(startWorker());
    await vi.waitFor(
      async () =>
        expect(await failing()).toMatchObject({
          findings: [
            { check: 'events', kind: 'differs' },
            { check: 'events', kind: 'differs' },
          ],
        }),
      PATIENCE,
    );
    await killWorkers();
    // It says so once what it found is recorded.
    const third = startWorker();
    await finding(third);
    await vi.waitFor(() => expect(said.get(third)).toContain('ledger and events were verified'), PATIENCE);
    const told = `select count(*)::integer from events.event where type = 'LedgerVerificationFailed'`;
    expect(await rows(told)).toEqual([{ count: 1 }]);
  }, 180_000);
});
