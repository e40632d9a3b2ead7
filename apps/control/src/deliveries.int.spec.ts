import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canonicalBytes, MAX_EVENT_BYTES, recordDigest, type JsonObject, type JsonValue } from '#kernel';
import { BATCHES_A_STREAM, NO_BATCH } from '#fleet/domain/deliveries/deliveries';
import { MOST_INSTALLED } from '#fleet/domain/deliveries/installed';
import type { DeliveryRecord } from '#fleet/domain/deliveries/record';
import { node as nodeKind, nodeStream } from '#fleet/domain/node/node';
import { nodeKey, requireSigned, type NodeKey } from '#fleet/message';
import { ControlClient } from '#fleet/node/control-client';
import { HandOver, handedOverUntil } from '#fleet/node/hand-over';
import { forNode } from '#fleet/service-context';
import { Spool } from '#fleet/spool/spool';
import { SPOOL_LIMITS } from '#fleet/spool/spool-limits';
import { ControlUnderTest } from '#test/support/control-under-test';

let control: ControlUnderTest;
let url: string;
let folder: string;
let seed = 0;
let name: string;
let key: NodeKey;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  url = await control.listen();
  folder = await mkdtemp(join(tmpdir(), 'holdfast-deliveries-'));
});
afterAll(async () => {
  await control?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A node that the host has enrolled. */
async function enrolled(): Promise<{ readonly name: string; readonly key: NodeKey }> {
  const made = nodeKey(Buffer.alloc(32, ++seed));
  const called = `node-${seed}`;
  await control.adapters.streams.decideAndAppend(nodeKind, nodeStream(called), {
    type: 'EnrolNode',
    name: called,
    publicKey: made.publicKey,
    tokenDigest: null,
    context: forNode('host', called, control.clock, { code: 'test', text: 'a test needs a node' }),
  });
  return { name: called, key: made };
}
beforeEach(async () => {
  ({ name, key } = await enrolled());
});

const record = (revision: number, more: Partial<JsonObject> = {}): JsonObject => ({
  at: '2026-11-24T07:59:00.000Z',
  what: 'completed',
  device: { brand: 'lab', model: 'box', serial: `serial-${revision}`, proof: 'store' },
  snapId: 'id',
  name: 'lab-hello',
  revision,
  position: '41',
  ...more,
});
const batch = (number: number, previous: string, ...records: JsonValue[]): JsonObject => ({
  kind: 'deliveries',
  node: name,
  batch: number,
  previous,
  at: '2026-11-24T07:59:30.000Z',
  records,
});
const post = (body: unknown) => control.ask('POST', '/v1/node-deliveries', { body });
const send = (message: JsonObject, by = key) => post(by.sign(message));
const recorded = async (stream = `deliveries/${name}/0`) => await control.history(stream);
const types = async () => (await control.history(nodeStream(name))).map(({ type }) => type);

describe('a batch', () => {
  it('is recorded once, with what it takes to verify it', async () => {
    const message = batch(1, NO_BATCH, record(1), record(2));
    const taken = await send(message);
    expect(taken).toMatchObject({ status: 200, json: { batch: 1, digest: recordDigest(message) } });
    expect((await send(message)).json).toEqual({ batch: 1, digest: recordDigest(message), cursor: null });
    const events = await recorded();
    expect(events).toMatchObject([
      {
        type: 'DeliveriesRecorded',
        actor: { kind: 'service', id: 'control', for: `node/${name}` },
        at: '2026-11-24T08:00:00.000Z',
        data: {
          node: name,
          batch: '1',
          previous: NO_BATCH,
          at: '2026-11-24T07:59:30.000Z',
          records: [record(1), record(2)],
        },
      },
    ]);
    const [{ data } = { data: {} }] = events;
    const { signature = '' } = data as { signature?: string };
    expect(requireSigned({ message, signature }, key.publicKey)).toBe((data as { digest?: string }).digest);
  });

  it('of many records is several events in one append, each small enough', async () => {
    const records = Array.from({ length: 900 }, (_, i) => record(i));
    expect((await send(batch(1, NO_BATCH, ...records))).status).toBe(200);
    const events = await recorded();
    expect(events.length).toBeGreaterThan(2);
    expect(events.map(({ part }) => part)).toEqual(events.map((_, i) => [i + 1, events.length]));
    expect(events.flatMap(({ data }) => (data as { records: JsonObject[] }).records)).toEqual(records);
    for (const event of events)
      expect(canonicalBytes(event as unknown as JsonObject).length).toBeLessThanOrEqual(MAX_EVENT_BYTES);
  });

  it('of what devices have installed is recorded once, and the longest fits into its event', async () => {
    const snap = {
      snapId: 'x'.repeat(40),
      instance: 'i'.repeat(40),
      revision: Number.MAX_SAFE_INTEGER,
      channel: 'c'.repeat(100),
      cohort: false,
    };
    const { at, device, position } = record(1);
    const head = { at, device, position, report: 'a'.repeat(64) } as JsonObject;
    const names = { brand: '"'.repeat(200), model: '"'.repeat(200), serial: '"'.repeat(200), proof: 'store' };
    const long = {
      ...head,
      what: 'installed',
      device: names,
      architecture: 'amd64',
      snaps: Array.from({ length: MOST_INSTALLED }, () => snap),
      left: 7,
    };
    const records = [long, { ...head, what: 'still-installed' }, long, long];
    const message = batch(1, NO_BATCH, ...records);
    expect((await send(message)).status).toBe(200);
    expect((await send(message)).json).toMatchObject({ cursor: null });
    const events = await recorded();
    expect(events.flatMap(({ data }) => (data as { records: JsonObject[] }).records)).toEqual(records);
    for (const event of events)
      expect(canonicalBytes(event as unknown as JsonObject).length).toBeLessThanOrEqual(MAX_EVENT_BYTES);
  });

  it('follows the one before, over the border of a stream as well', async () => {
    let previous = NO_BATCH;
    for (let number = 1; number <= BATCHES_A_STREAM + 2; number++) {
      const message = batch(number, previous, record(number));
      expect((await send(message)).status).toBe(200);
      previous = recordDigest(message);
    }
    expect(await recorded()).toHaveLength(BATCHES_A_STREAM);
    expect(await recorded(`deliveries/${name}/1`)).toHaveLength(2);
  });
});

describe('R29: a hostile node', () => {
  it('that leaves out a batch is refused, and the gap is told once', async () => {
    await send(batch(1, NO_BATCH, record(1)));
    for (const number of [3, 4, BATCHES_A_STREAM + 1, 10 ** 9])
      expect((await send(batch(number, 'a'.repeat(64), record(3)))).json).toMatchObject({
        status: 409,
        code: 'batch-out-of-order',
      });
    expect(await recorded()).toHaveLength(1);
    expect(await types()).toEqual(['NodeEnrolled', 'NodeGapSeen']);
  });

  it('that says something else under a number that is taken is a fork: told once, and nothing more is taken', async () => {
    const first = batch(1, NO_BATCH, record(1));
    await send(first);
    expect((await send(batch(1, NO_BATCH, record(2)))).json).toMatchObject({
      status: 409,
      code: 'batch-forked',
    });
    for (const message of [first, batch(1, NO_BATCH, record(3)), batch(2, recordDigest(first), record(2))])
      expect((await send(message)).json).toMatchObject({ status: 409, code: 'node-forked' });
    expect(await recorded()).toHaveLength(1);
    expect(await types()).toEqual(['NodeEnrolled', 'NodeForkSeen']);
  });

  it('that goes on from another history than it told is a fork', async () => {
    await send(batch(1, NO_BATCH, record(1)));
    expect((await send(batch(2, 'b'.repeat(64), record(2)))).json).toMatchObject({ code: 'batch-forked' });
    expect(await types()).toEqual(['NodeEnrolled', 'NodeForkSeen']);
  });

  it('cannot hand over in the name of another one, nor what another one signed', async () => {
    const mine = batch(1, NO_BATCH, record(1));
    const thief = await enrolled();
    expect((await send(mine, thief.key)).json).toMatchObject({ status: 403, code: 'node-signature-refused' });
    const stolen = { ...key.sign(mine), message: { ...mine, node: thief.name } };
    expect((await post(stolen)).json).toMatchObject({ status: 403, code: 'node-signature-refused' });
    expect((await send({ ...mine, kind: 'heartbeat' })).json).toMatchObject({ status: 400 });
    expect((await send({ ...mine, node: 'nobody' })).json).toMatchObject({
      status: 404,
      code: 'no-such-node',
    });
    expect(await recorded()).toEqual([]);
    expect(await recorded(`deliveries/${thief.name}/0`)).toEqual([]);
  });

  it('with a wrong clock is recorded beside our time, and changes nothing else', async () => {
    const late = {
      ...batch(1, NO_BATCH, record(1, { at: '1999-01-01T00:00:00.000Z' })),
      at: '2199-01-01T00:00:00.000Z',
    };
    expect((await send(late)).status).toBe(200);
    expect(await recorded()).toMatchObject([
      { at: '2026-11-24T08:00:00.000Z', data: { at: '2199-01-01T00:00:00.000Z' } },
    ]);
  });

  it('is refused what is too much, or of another form, as a whole', async () => {
    const wrong: readonly JsonObject[] = [
      batch(1, NO_BATCH),
      batch(0, NO_BATCH, record(1)),
      batch(1, 'f00', record(1)),
      batch(1, NO_BATCH, record(1), { ...record(2), more: 1 }),
      batch(1, NO_BATCH, record(1, { what: 'stolen' })),
      batch(1, NO_BATCH, record(1, { revision: -1 })),
      batch(1, NO_BATCH, record(1, { at: 'yesterday' })),
      batch(1, NO_BATCH, record(1, { name: 'x'.repeat(201) })),
      batch(1, NO_BATCH, record(1, { device: { brand: 'lab' } })),
      batch(1, NO_BATCH, [record(1)]),
      batch(1, NO_BATCH, ...Array.from({ length: 2_001 }, () => 0)),
      { ...batch(1, NO_BATCH, record(1)), more: [] },
    ];
    for (const message of wrong)
      expect((await send(message)).json).toMatchObject({ status: 400, code: 'node-message-malformed' });
    const huge = batch(1, NO_BATCH, ...Array.from({ length: 1_900 }, (_, i) => record(i)));
    expect((await send(huge)).json).toMatchObject({ status: 413, code: 'body-too-large' });
    expect(await recorded()).toEqual([]);
  });

  it('that was retired hands over nothing more', async () => {
    const admin = await control.admin().catch(() => control.signIn('admin'));
    await control.enrol(admin, `olga-${seed}`, ['operator']);
    const olga = await control.signIn(`olga-${seed}`);
    const body = { reason: { code: 'test', text: 'the plant is closed now' } };
    expect((await control.ask('POST', `/v1/nodes/${name}/retire`, { token: olga, body })).status).toBe(200);
    expect((await send(batch(1, NO_BATCH, record(1)))).json).toMatchObject({
      status: 409,
      code: 'node-retired',
    });
  });
});

describe('handing over', () => {
  const delivered = (revision: number) => record(revision) as unknown as DeliveryRecord;
  const identity = () => ({ node: name, origin: 'o', policyKey: 'p' });
  const signal = AbortSignal.timeout(60_000);

  /** As a proxy does at its start, over the same folder. */
  async function started(own: string, to: string): Promise<{ spool: Spool; over: HandOver }> {
    const fail = (error: unknown): never => {
      throw error;
    };
    const spool = await Spool.open(join(own, 'spool'), await handedOverUntil(own), fail, {
      ...SPOOL_LIMITS,
      restMs: 0,
    });
    return {
      spool,
      over: new HandOver(own, spool, new ControlClient({ url: to }), () =>
        Date.parse('2026-11-24T08:00:00Z'),
      ),
    };
  }
  const revisions = async () =>
    (await recorded()).flatMap(({ data }) =>
      (data as { records: { revision: number }[] }).records.map(({ revision }) => revision),
    );

  /** Passes on to control, and does not pass the answer back: as a crash between the two. */
  async function losingAnswers(): Promise<{ server: Server; url: string }> {
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const headers = { 'content-type': 'application/json' };
        void fetch(`${url}${request.url}`, { method: 'POST', headers, body: Buffer.concat(pieces) }).then(
          () => response.destroy(),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  it('goes through every crash with each record once', async () => {
    const own = join(folder, name);
    const losing = await losingAnswers();
    const first = await started(own, losing.url);
    first.spool.add(delivered(1));
    // Control records it, and the node is killed before it knows.
    await expect(first.over.next(identity(), key, signal)).rejects.toThrow(/./);
    expect(await revisions()).toEqual([1]);
    losing.server.close();

    const second = await started(own, url);
    second.spool.add(delivered(2));
    while (await second.over.next(identity(), key, signal)) continue;
    expect(await revisions()).toEqual([1, 2]);
    expect(await readdir(join(own, 'spool'))).toEqual([]);

    // Nothing was left on the disk: numbers go on all the same.
    const third = await started(own, url);
    third.spool.add(delivered(3));
    while (await third.over.next(identity(), key, signal)) continue;
    expect(await revisions()).toEqual([1, 2, 3]);
    expect(await types()).toEqual(['NodeEnrolled']);
  });

  it('keeps what control does not take', async () => {
    const own = join(folder, name);
    const { spool, over } = await started(own, 'http://127.0.0.1:1');
    spool.add(delivered(1));
    await expect(over.next(identity(), key, signal)).rejects.toThrow(/./);
    expect(spool.backlog().records).toBe(1);
    const again = await started(own, url);
    while (await again.over.next(identity(), key, signal)) continue;
    expect(await revisions()).toEqual([1]);
  });

  it('begins anew for a proxy that is another node now', async () => {
    const own = join(folder, name);
    const before = await started(own, url);
    before.spool.add(delivered(1));
    while (await before.over.next(identity(), key, signal)) continue;
    ({ name, key } = await enrolled());
    const after = await started(own, url);
    after.spool.add(delivered(2));
    while (await after.over.next(identity(), key, signal)) continue;
    expect(await revisions()).toEqual([2]);
  });
});
