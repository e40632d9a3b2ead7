import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { StoppedClock } from '#kernel';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { login, loginStream } from '#identity/domain/login/login';
import { LEDGER_STREAM, verification } from '#ledger/domain/verification/verification';
import { LedgerWriter } from '#ledger/published';
import { sinks, SINKS_STREAM } from '#notifications/domain/sinks/sinks';
import { SinkSecrets } from '#notifications/secrets/sink-secrets';
import { sinksKey } from '#notifications/secrets/sinks-key';
import { newSigningSecret } from '#notifications/secrets/signing-secret';
import { Receiver } from '#notifications/testing/receiver';
import { StreamWriter } from '#platform/decide-and-append';
import { createLogger } from '#platform/logging/logger';
import { site, SITE_STREAM } from '#site/domain/site';
import { byPerson } from '#test/support/decider-specification';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { noteSigner } from '#tlog';
import { runWorker } from '../testing/running-worker.js';

const signer = noteSigner('site.example/log', Buffer.alloc(32, 1));
const SOON = { timeout: 20_000, interval: 20 };
const olga = byPerson('Olga', ['operator']);

let folder: string;
let database: TestDatabase;
let owner: pg.Pool;
let control: PostgresEventStore;
let writer: StreamWriter;
let ledger: LedgerWriter;
let receiver: Receiver;
let clock: StoppedClock;
let metrics: Registry;
let log: string[];
let verdict: { readonly says: string | undefined };
let stopWorker: (() => Promise<void>) | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-verification-'));
  database = await testDatabase();
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
  control = new PostgresEventStore(database.url('control'));
  writer = new StreamWriter(control, 'Etc/UTC');
  receiver = new Receiver();
  await receiver.listen();
  await writer.decideAndAppend(site, SITE_STREAM, {
    type: 'FoundSite',
    identity: { origin: signer.name, ledgerKey: signer.vkey, policyKey: signer.vkey },
    context: byPerson('host', []),
  });
  for (let i = 0; i < 20; i++)
    await writer.decideAndAppend(login, loginStream(`login-${i}`), {
      login: `login-${i}`,
      person: `person-${i}`,
      context: olga,
    });
  const key = sinksKey(database.siteKey);
  const pool = new pg.Pool({ connectionString: database.url('control'), max: 1 });
  const secret = await new SinkSecrets(pool, key).put('ops', newSigningSecret());
  await pool.end();
  await writer.decideAndAppend(sinks, SINKS_STREAM, {
    type: 'AddSink',
    name: 'ops',
    target: { kind: 'webhook', url: receiver.url },
    filter: { about: ['alarms'], types: [] },
    secret,
    giveUpAfterHours: 24,
    from: null,
    context: olga,
  });
  await writeFile(path.join(folder, 'ledger.vkey'), signer.vkey);
  await writeFile(path.join(folder, 'sinks.key'), key.toString('hex'));
  const places = { folder: inFolder('ledger'), secondFolder: inFolder('ledger-second') };
  ledger = await LedgerWriter.open(places, signer, { epoch: 1n, during: (work) => work() });
  await seal();
});
afterAll(async () => {
  await receiver.close();
  await control.close();
  await owner.end();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  clock = new StoppedClock(new Date().toISOString());
  metrics = new Registry();
  log = [];
});
afterEach(async () => {
  await stopWorker?.();
  stopWorker = undefined;
});

const inFolder = (name: string): string => path.join(folder, name);

/** As the projector does. */
async function seal(): Promise<void> {
  const { rows } = await owner.query<{ bytes: Buffer }>(
    'select bytes from events.event where position >= $1 order by position',
    [String(ledger.size)],
  );
  ledger.append(
    ledger.size,
    rows.map(({ bytes }) => bytes),
  );
  await ledger.seal();
}

/** A whole worker, which verifies as often as it can. */
async function start(): Promise<void> {
  const { adapters, stop } = await runWorker({
    folder,
    databaseUrl: database.url('worker'),
    env: { HOLDFAST_SINKS_KEY_FILE: inFolder('sinks.key') },
    clock,
    logger: createLogger('worker', 'info', { write: (line) => void log.push(line) }),
    metrics,
    adapted: (opened) => ({ ...opened, verification: { everyMs: 100, lookMs: 20 } }),
  });
  verdict = adapters.verdict;
  stopWorker = stop;
}

/** What the webhook was told of, each once: what a worker had told when it was stopped may come again. */
const told = (): readonly { readonly type: string; readonly data: unknown }[] => {
  const byId = new Map(receiver.received.map(({ headers, body }) => [headers['webhook-id'], body]));
  return [...byId.values()].map((body) => {
    const { type, data } = JSON.parse(body) as { type: string; data: { data: unknown } };
    return { type: type.split('.').at(-1) ?? '', data: data.data };
  });
};
const state = async () => (await writer.load(verification, LEDGER_STREAM)).state;
const metric = async (name: string): Promise<number> =>
  Number(new RegExp(`^${name} (.*)$`, 'm').exec(await metrics.metrics())?.[1]);

/** As somebody does who owns the database: nothing that stands in it stops them. */
async function tamper(...statements: string[]): Promise<void> {
  await owner.query(`begin;
    alter table events.event disable trigger user;
    ${statements.join(';')};
    alter table events.event enable trigger user;
    commit`);
}

/** At once: a look finds the file as it was, or as it is. */
async function flip(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  await writeFile(`${file}.new`, bytes);
  await rename(`${file}.new`, file);
}

describe('R39: a running site', () => {
  it('verifies ledger and events at its start, which is on record, and in the metrics', async () => {
    await start();
    await vi.waitFor(async () => expect((await state()).verified).toMatchObject({ entries: '22' }), SOON);
    expect(await metric('holdfast_ledger_verified_entries')).toBe(22);
    expect(await metric('holdfast_ledger_verified_timestamp_seconds')).toBe(Date.parse(clock.now()) / 1000);
    expect(await metric('holdfast_ledger_verification_seconds')).toBeGreaterThan(0);
    expect(await metric('holdfast_ledger_verification_findings')).toBe(0);
  });

  it('tells a webhook of a flipped byte of a tile, an altered event and a removed one, once, and when all is in order again', async () => {
    await seal();
    await start();
    await vi.waitFor(
      async () => expect(await metric('holdfast_ledger_verified_entries')).toBe(Number(ledger.size)),
      SOON,
    );
    const tile = inFolder(`ledger/tile/0/000.p/${ledger.size}`);
    await owner.query('create table kept as select * from events.event');
    await tamper(
      `update events.event set bytes = convert_to(replace(convert_from(bytes, 'UTF8'), 'login-3', 'login-x'), 'UTF8') where position = 4`,
      'delete from events.event where position = 8',
    );
    await flip(tile);
    const findings = [
      { check: 'events', kind: 'differs', position: '4' },
      { check: 'events', kind: 'missing', position: '8' },
      { check: 'ledger', kind: 'tile-differs', position: '1' },
    ];
    await vi.waitFor(
      () =>
        expect(told().at(-1)).toMatchObject({
          type: 'LedgerVerificationFailed',
          data: { findings, more: 0 },
        }),
      SOON,
    );
    expect(log.join('')).toContain('"level":"error"');
    expect(log.join('')).toContain('ledger and events do not agree');
    expect(await metric('holdfast_ledger_verification_findings')).toBe(3);
    expect(verdict.says).toBe('the event at position 4 is not the one that was sealed');
    const count = told().length;

    // One thing after the other: of what is looked at in between, other things differ, which is told as well.
    await flip(tile);
    await vi.waitFor(
      () =>
        expect(told().at(-1)).toMatchObject({
          type: 'LedgerVerificationFailed',
          data: { findings: findings.slice(0, 2), more: 0 },
        }),
      SOON,
    );
    await tamper(
      'insert into events.event select * from kept where position = 8',
      'update events.event e set bytes = k.bytes from kept k where k.position = 4 and e.position = 4',
    );
    await vi.waitFor(() => expect(told().at(-1)?.type).toBe('LedgerVerificationRecovered'), SOON);
    expect(
      told()
        .slice(count)
        .map(({ type }) => type),
    ).toEqual(['LedgerVerificationFailed', 'LedgerVerificationRecovered']);
    await vi.waitFor(async () => expect((await state()).failing).toBeNull(), SOON);
    expect(verdict.says).toBeUndefined();
  });

  it('says so in its log and metrics although nothing can be recorded, and tells it as soon as it can', async () => {
    await seal();
    const second = inFolder('ledger-second/checkpoint');
    const note = await readFile(second);
    const before = told().length;
    const holder = await owner.connect();
    try {
      await holder.query('begin');
      await holder.query('select * from events.head for update');
      await rm(second);
      await start();
      await vi.waitFor(() => expect(log.join('')).toContain('ledger and events do not agree'), SOON);
      expect(await metric('holdfast_ledger_verification_findings')).toBe(1);
      expect(verdict.says).toBe('the second place has no checkpoint');
      expect(told()).toHaveLength(before);
    } finally {
      await holder.query('rollback');
      holder.release();
    }
    await vi.waitFor(
      () =>
        expect(told().slice(before)).toMatchObject([
          {
            type: 'LedgerVerificationFailed',
            data: { findings: [{ check: 'second-place', kind: 'missing' }] },
          },
        ]),
      SOON,
    );
    await writeFile(second, note);
    await vi.waitFor(() => expect(told().at(-1)?.type).toBe('LedgerVerificationRecovered'), SOON);
  });

  it('does not take a site for new where both checkpoints are gone, and what it had recorded is damaged', async () => {
    await seal();
    const before = told().length;
    const places = ['ledger/checkpoint', 'ledger-second/checkpoint'].map(inFolder);
    const notes = await Promise.all(places.map((file) => readFile(file)));
    await owner.query('drop table kept; create table kept as select * from events.event');
    await tamper(`update events.event set bytes = '\\x00' where stream = 'ledger' and stream_revision = 0`);
    await Promise.all(places.map((file) => rm(file)));
    await start();
    await vi.waitFor(
      () =>
        expect(told().slice(before)).toMatchObject([
          {
            type: 'LedgerVerificationFailed',
            data: { findings: [{ check: 'checkpoint', kind: 'missing' }] },
          },
        ]),
      SOON,
    );
    await tamper(
      `update events.event e set bytes = k.bytes from kept k where k.position = e.position and e.stream = 'ledger'`,
    );
    await Promise.all(places.map((file, i) => writeFile(file, notes[i] ?? '')));
    await vi.waitFor(() => expect(told().at(-1)?.type).toBe('LedgerVerificationRecovered'), SOON);
  });

  it('tells it although what was altered is what the verifier itself had recorded', async () => {
    await seal();
    const before = told().length;
    await owner.query('drop table kept; create table kept as select * from events.event');
    await tamper(`update events.event set bytes = '\\x00' where stream = 'ledger' and stream_revision = 0`);
    await start();
    await vi.waitFor(
      () => expect(told().slice(before)).toMatchObject([{ type: 'LedgerVerificationFailed' }]),
      SOON,
    );
    await tamper(
      `update events.event e set bytes = k.bytes from kept k where k.position = e.position and e.stream = 'ledger'`,
    );
    await vi.waitFor(() => expect(told().at(-1)?.type).toBe('LedgerVerificationRecovered'), SOON);
  });

  it('tells it although every byte is there, and stands where no decider finds it', async () => {
    await seal();
    const before = told().length;
    const stream = loginStream('login-3');
    await tamper(`update events.event set stream = 'attic' where stream = '${stream}'`);
    await start();
    await vi.waitFor(
      () =>
        expect(told().slice(before)).toMatchObject([
          {
            type: 'LedgerVerificationFailed',
            data: { findings: [{ check: 'events', kind: 'differs', position: '4' }] },
          },
        ]),
      SOON,
    );
    await tamper(`update events.event set stream = '${stream}' where stream = 'attic'`);
    await vi.waitFor(() => expect(told().at(-1)?.type).toBe('LedgerVerificationRecovered'), SOON);
  });

  it('tells that no checkpoint is signed, and that one is again', async () => {
    await seal();
    const before = told().length;
    await start();
    await vi.waitFor(async () => expect(await metric('holdfast_ledger_unsealed_seconds')).toBe(0), SOON);
    await writer.decideAndAppend(login, loginStream('late'), {
      login: 'late',
      person: 'late',
      context: { ...olga, at: clock.now() },
    });
    clock.set(new Date(Date.parse(clock.now()) + 14 * 60_000).toISOString());
    await vi.waitFor(
      async () => expect(await metric('holdfast_ledger_unsealed_seconds')).toBe(14 * 60),
      SOON,
    );
    expect(told().slice(before)).toEqual([]);
    clock.set(new Date(Date.parse(clock.now()) + 2 * 60_000).toISOString());
    await vi.waitFor(
      () =>
        expect(told().slice(before)).toMatchObject([
          { type: 'CheckpointSigningFailed', data: { sealed: String(ledger.size) } },
        ]),
      SOON,
    );
    expect(log.join('')).toContain('no checkpoint is signed');
    await stopWorker?.();
    stopWorker = undefined;
    metrics = new Registry();
    await start();
    await vi.waitFor(
      async () => expect(await metric('holdfast_ledger_unsealed_seconds')).toBe(16 * 60),
      SOON,
    );
    expect(told().at(-1)?.type).toBe('CheckpointSigningFailed');
    expect((await state()).unsealedSince).not.toBeNull();
    await seal();
    await vi.waitFor(() => expect(told().at(-1)?.type).toBe('CheckpointSigningResumed'), SOON);
    expect(await metric('holdfast_ledger_unsealed_seconds')).toBe(0);
  });
});
