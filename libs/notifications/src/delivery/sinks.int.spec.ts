import { createHmac } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { decodeEvent, systemClock } from '#kernel';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { StreamWriter } from '#platform/decide-and-append';
import { Lease } from '#platform/lease/lease';
import { byPerson } from '#test/support/decider-specification';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { aMessage } from '../testing/a-message.js';
import { Receiver } from '../testing/receiver.js';
import { sinks, SINKS_STREAM } from '../domain/sinks/sinks.js';
import { SinkKeeper } from './sink-keeper.js';
import { SinkPositions } from './sink-positions.js';
import type { SinkObserver } from './sink-parts.js';
import { newSigningSecret } from '../secrets/signing-secret.js';
import { WebhookTransport } from './webhook/webhook-transport.js';

const SECRET = newSigningSecret();
const olga = byPerson('olga', ['operator']);
const SOON = { timeout: 20_000 };
const PATIENCE = () => ({ first: 5, longest: 20, giveUpAfter: 60_000, refusals: 3 });

let database: TestDatabase;
let store: PostgresEventStore;
let writer: StreamWriter;
let pool: pg.Pool;
let lease: Lease;
let positions: SinkPositions;
beforeAll(async () => {
  database = await testDatabase();
  store = new PostgresEventStore(database.url('control'));
  writer = new StreamWriter(store, 'Etc/UTC');
  pool = new pg.Pool({ connectionString: database.url('worker'), max: 2 });
  lease = new Lease(database.url('worker'), () => undefined);
  positions = new SinkPositions(pool, await lease.acquire());
});
afterAll(async () => {
  await lease.release();
  await Promise.all([pool.end(), store.close()]);
});

let receiver: Receiver;
let name: string;
let count = 0;
beforeEach(async () => {
  receiver = new Receiver();
  await receiver.listen();
  onTestFinished(() => receiver.close());
  name = `sink-${++count}`;
});

const steer = (type: 'PauseSink' | 'ResumeSink' | 'RemoveSink') =>
  writer.decideAndAppend(sinks, SINKS_STREAM, { type, name, context: olga });
const replay = (from: bigint) =>
  writer.decideAndAppend(sinks, SINKS_STREAM, {
    type: 'ReplaySink',
    name,
    from: String(from),
    context: olga,
  });

async function addSink(
  types: readonly string[] = ['SinkPaused', 'SinkResumed'],
  from: string | null = null,
): Promise<void> {
  await writer.decideAndAppend(sinks, SINKS_STREAM, {
    type: 'AddSink',
    name,
    target: { kind: 'webhook', url: receiver.url },
    filter: { about: [], types },
    secret: { hmacSha256: 'aa' },
    giveUpAfterHours: 24,
    from,
    context: olga,
  });
}

interface Seen {
  readonly broke: unknown[];
  readonly gaveUp: bigint[];
}

/** One worker's sinks. */
async function startKeeper(
  seen: Seen = { broke: [], gaveUp: [] },
  mayOpen: () => boolean = () => true,
): Promise<SinkKeeper> {
  const context = { ...olga, actor: { kind: 'service', id: 'worker', for: 'sinks' } } as const;
  const observer: SinkObserver = {
    opened: () => undefined,
    delivered: () => undefined,
    tried: () => undefined,
    gaveUp: (_sink, { position }) => void seen.gaveUp.push(position),
    broke: (_sink, error) => void seen.broke.push(error),
    failing: async (sink, since, why) => {
      const command = { type: 'NoteFailing', name: sink.name, since, why, context } as const;
      await writer.decideAndAppend(sinks, SINKS_STREAM, command);
    },
    recovered: async (sink) => {
      await writer.decideAndAppend(sinks, SINKS_STREAM, { type: 'NoteRecovered', name: sink.name, context });
    },
  };
  const keeper = new SinkKeeper({
    store,
    positions,
    observer,
    clock: systemClock,
    chance: () => 0,
    patience: PATIENCE,
    sinks: async () => (await writer.load(sinks, SINKS_STREAM)).state,
    open: async () => {
      if (!mayOpen()) throw new Error('the secret is lost');
      return new WebhookTransport({
        url: receiver.url,
        secret: SECRET,
        origin: 'site.example/log',
        wayOut: {},
        clock: systemClock,
        patience: 2_000,
      });
    },
  });
  onTestFinished(async () => {
    await keeper.stop();
    if ((await writer.load(sinks, SINKS_STREAM)).state.byName.has(name)) await steer('RemoveSink');
  });
  await keeper.followHistory();
  return keeper;
}

/** Somebody else's sink: it is paused and resumed, for there to be events. */
async function makeEvents(pairs: number): Promise<void> {
  for (let i = 0; i < pairs; i++) {
    await writer.decideAndAppend(sinks, SINKS_STREAM, { type: 'PauseSink', name: 'other', context: olga });
    await writer.decideAndAppend(sinks, SINKS_STREAM, { type: 'ResumeSink', name: 'other', context: olga });
  }
}
beforeAll(async () => {
  await writer.decideAndAppend(sinks, SINKS_STREAM, {
    type: 'AddSink',
    name: 'other',
    target: { kind: 'webhook', url: 'http://127.0.0.1:9/' },
    filter: { about: [], types: ['NeverHappens'] },
    secret: null,
    giveUpAfterHours: 1,
    from: null,
    context: olga,
  });
});

/** Positions and ids of the history, of these types. */
async function history(
  types: readonly string[],
): Promise<{ position: bigint; id: string; bytes: Uint8Array }[]> {
  const all: { position: bigint; id: string; bytes: Uint8Array; type: string }[] = [];
  let position = 0n;
  for await (const { events } of store.readAll(null))
    for (const { id, type, bytes } of events) all.push({ position: position++, id, bytes, type });
  return all.filter(({ type }) => types.includes(type));
}
const tail = async (n: number) => (await history(['SinkPaused', 'SinkResumed'])).slice(-n);
const letters = async () =>
  (
    await pool.query<{ position: string; why: string; attempts: number }>(
      `select position::text as position, why, attempts from worker.dead_letter where sink like $1 order by 1`,
      [`sink/${name}/%`],
    )
  ).rows;

describe('a webhook', () => {
  it('is told of what comes after it was added, in order, as signed CloudEvents of the very bytes', async () => {
    await addSink();
    await startKeeper();
    await makeEvents(2);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(4), SOON);
    const events = await tail(4);
    expect(receiver.ids).toEqual(events.map(({ id }) => id));
    for (const [i, { headers, body }] of receiver.received.entries()) {
      const { position = -1n, bytes = new Uint8Array() } = events[i] ?? {};
      const { stream, at, type, id } = decodeEvent(bytes);
      expect(headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
      expect(JSON.parse(body)).toEqual({
        specversion: '1.0',
        id,
        source: '/holdfast/site.example/log',
        type: `holdfast.${type}`,
        subject: stream,
        time: at,
        datacontenttype: 'application/json',
        position: String(position),
        data: JSON.parse(Buffer.from(bytes).toString()) as unknown,
      });
      expect(body).toContain(Buffer.from(bytes).toString());
      const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
      const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
      const hmac = createHmac('sha256', key).update(signed).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${hmac}`);
      expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
    }
  });

  it('R39: that is away is told everything, in order, once it is back; and the worker may be replaced meanwhile', async () => {
    await addSink();
    const first = await startKeeper();
    await makeEvents(1);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(2), SOON);
    receiver.answer = () => ({ status: 503 });
    await makeEvents(2);
    await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan(4), SOON);
    await first.stop();
    await receiver.close();
    await startKeeper();
    receiver.answer = () => ({ status: 200 });
    const before = receiver.received.length;
    await receiver.listen();
    await vi.waitFor(() => expect(receiver.received).toHaveLength(before + 4), SOON);
    const events = (await tail(6)).map(({ id }) => id);
    expect([...new Set(receiver.ids)]).toEqual(events);
    expect(receiver.ids.slice(before)).toEqual(events.slice(2));
    expect(await letters()).toEqual([]);
  });

  it('R39: whose worker is fenced out in the middle is told the rest by the next one', async () => {
    await addSink();
    const seen: Seen = { broke: [], gaveUp: [] };
    await startKeeper(seen);
    await makeEvents(1);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(2), SOON);
    const old = positions;
    await lease.release();
    lease = new Lease(database.url('worker'), () => undefined);
    positions = new SinkPositions(pool, await lease.acquire());
    await makeEvents(1);
    await vi.waitFor(
      () => expect(seen.broke).toContainEqual(expect.objectContaining({ code: 'fenced-out' })),
      SOON,
    );
    await expect(old.keepOnly([])).rejects.toMatchObject({ code: 'fenced-out' });
    await startKeeper();
    await vi.waitFor(async () => {
      expect([...new Set(receiver.ids)]).toEqual((await tail(4)).map(({ id }) => id));
    }, SOON);
  });

  it('that refuses for good has a dead letter, and the next event is sent; a replay sends it again', async () => {
    await addSink();
    const seen: Seen = { broke: [], gaveUp: [] };
    const keeper = await startKeeper(seen);
    receiver.answer = (nth) => ({ status: nth <= 3 ? 404 : 204 });
    await makeEvents(1);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(4), SOON);
    const [refused, taken] = await tail(2);
    expect(receiver.ids).toEqual([refused?.id, refused?.id, refused?.id, taken?.id]);
    expect(await letters()).toEqual([
      { position: String(refused?.position), why: 'it answers with status 404', attempts: 3 },
    ]);
    expect(seen.gaveUp).toEqual([refused?.position]);
    await vi.waitFor(async () => {
      const health = await history(['SinkFailing', 'SinkRecovered']);
      expect(
        health
          .map(({ bytes }) => decodeEvent(bytes))
          .filter(({ data }) => (data as { name: string }).name === name),
      ).toMatchObject([
        { type: 'SinkFailing', data: { why: 'it answers with status 404' } },
        { type: 'SinkRecovered' },
      ]);
    }, SOON);
    await replay(refused?.position ?? 0n);
    await keeper.followHistory();
    await vi.waitFor(() => expect(receiver.ids.slice(4)).toEqual([refused?.id, taken?.id]), SOON);
    expect(await letters()).toEqual([]);
  });

  it('is asked again when it wants to be, and never where it redirects to', async () => {
    const elsewhere = new Receiver();
    await elsewhere.listen();
    onTestFinished(() => elsewhere.close());
    await addSink();
    await startKeeper();
    receiver.answer = (nth) =>
      nth === 1
        ? { status: 429, headers: { 'retry-after': '1' } }
        : { status: 307, headers: { location: elsewhere.url } };
    const began = performance.now();
    await writer.decideAndAppend(sinks, SINKS_STREAM, { type: 'PauseSink', name: 'other', context: olga });
    await vi.waitFor(async () => expect(await letters()).toHaveLength(1), SOON);
    expect(performance.now() - began).toBeGreaterThan(1_000);
    expect(receiver.received).toHaveLength(4);
    expect(elsewhere.received).toEqual([]);
    expect((await letters())[0]?.why).toContain('redirects (307)');
    await writer.decideAndAppend(sinks, SINKS_STREAM, { type: 'ResumeSink', name: 'other', context: olga });
  });

  it('is told what it was never told, wherever a replay begins, and by each of several', async () => {
    await addSink();
    await makeEvents(2);
    const ids = (await tail(4)).map(({ id, position }) => ({ id, position }));
    // From ahead of its place, which is still at its beginning; then from further ahead.
    await replay(ids[2]?.position ?? 0n);
    await replay(ids[3]?.position ?? 0n);
    const first = await startKeeper();
    await vi.waitFor(() => expect(receiver.ids).toEqual(ids.map(({ id }) => id)), SOON);
    await first.stop();
    await makeEvents(1);
    const later = await tail(2);
    await replay(later[1]?.position ?? 0n);
    await replay(ids[3]?.position ?? 0n);
    const before = receiver.received.length;
    await startKeeper();
    const expected = [ids[3], ...later].map((each) => each?.id);
    await vi.waitFor(() => expect(receiver.ids.slice(before)).toEqual(expected), SOON);
  });

  it('is told of its own change, pause and end before they are done', async () => {
    await addSink(['SinkChanged', 'SinkRemoved']);
    const keeper = await startKeeper();
    const elsewhere = new Receiver();
    await elsewhere.listen();
    onTestFinished(() => elsewhere.close());
    const before = (await writer.load(sinks, SINKS_STREAM)).revision;
    await writer.decideAndAppend(sinks, SINKS_STREAM, {
      type: 'ChangeSink',
      name,
      target: { address: elsewhere.url },
      filter: undefined,
      secret: undefined,
      giveUpAfterHours: undefined,
      context: olga,
    });
    await keeper.followHistory(before + 1n);
    expect(receiver.received.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      { type: 'holdfast.SinkChanged' },
    ]);
    await steer('RemoveSink');
    await keeper.followHistory(before + 2n);
    expect(receiver.received.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      { type: 'holdfast.SinkChanged' },
      { type: 'holdfast.SinkRemoved' },
    ]);
  });

  it('R39: that cannot be served is put on record as failing, and as taking events again', async () => {
    await addSink();
    let open = false;
    await startKeeper({ broke: [], gaveUp: [] }, () => open);
    const failingSince = async () =>
      (await writer.load(sinks, SINKS_STREAM)).state.byName.get(name)?.failingSince;
    await vi.waitFor(async () => expect(await failingSince()).toEqual(expect.any(String)), SOON);
    open = true;
    await vi.waitFor(async () => expect(await failingSince()).toBeNull(), SOON);
  });

  it('on this machine is asked of no forward proxy', async () => {
    const proxy = { url: new URL('http://127.0.0.1:9'), authorization: undefined, direct: () => false };
    const wayOut = { proxy };
    const webhook = new WebhookTransport({
      url: receiver.url,
      secret: SECRET,
      origin: 'o',
      wayOut,
      clock: systemClock,
    });
    onTestFinished(() => webhook.close());
    expect(await webhook.send(aMessage(), new AbortController().signal)).toEqual({ kind: 'delivered' });
  });

  it('is sent nothing while it is paused, and the rest afterwards; nothing is known of one that was removed', async () => {
    await addSink(['SinkReplayAsked'], '0');
    const keeper = await startKeeper();
    const asked = (await history(['SinkReplayAsked'])).map(({ id }) => id);
    await vi.waitFor(() => expect(receiver.ids).toEqual(asked), SOON);
    await steer('PauseSink');
    await keeper.followHistory();
    await writer.decideAndAppend(sinks, SINKS_STREAM, {
      type: 'ReplaySink',
      name: 'other',
      from: '0',
      context: olga,
    });
    await steer('ResumeSink');
    await keeper.followHistory();
    await vi.waitFor(async () => {
      expect(receiver.ids).toEqual((await history(['SinkReplayAsked'])).map(({ id }) => id));
    }, SOON);
    await steer('RemoveSink');
    await keeper.followHistory();
    const { rows } = await pool.query('select from worker.reactor_checkpoint where reactor like $1', [
      `sink/${name}/%`,
    ]);
    expect(rows).toEqual([]);
  });
});
