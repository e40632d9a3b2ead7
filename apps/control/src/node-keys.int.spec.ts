import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { auditTrailProjections } from '#audit-trail/projections';
import { later, type JsonObject } from '#kernel';
import { append, event } from '#apps/projector/fixtures/history';
import type { DeliveryRecord } from '#fleet/domain/deliveries/record';
import { newKeyMessage, nodeKey, type NodeKey } from '#fleet/message';
import { noteNodeKeys } from '#fleet/node-keys/note-node-keys';
import { ControlClient } from '#fleet/node/control-client';
import { HandOver, handedOverUntil } from '#fleet/node/hand-over';
import { NodeAgent } from '#fleet/node/node-agent';
import { NodeFolder } from '#fleet/node/node-folder';
import { fleetProjections } from '#fleet/projections';
import { Spool } from '#fleet/spool/spool';
import { SPOOL_LIMITS } from '#fleet/spool/spool-limits';
import { site, SITE_STREAM } from '#site/published';
import { ControlUnderTest } from '#test/support/control-under-test';
import { byWorker } from '#test/support/decider-specification';
import { ProjectorOnDemand } from '#test/support/project';

const reason = { code: 'new-site', text: 'the plant gets a proxy of its own' };

let control: ControlUnderTest;
let projector: ProjectorOnDemand;
let client: pg.Client;
let worker: pg.Pool;
let url: string;
let folder: string;
let begun: string;
const agents: NodeAgent[] = [];

beforeAll(async () => {
  control = await ControlUnderTest.start();
  begun = control.clock.now();
  await control.adapters.streams.decideAndAppend(site, SITE_STREAM, {
    type: 'FoundSite',
    context: byWorker(SITE_STREAM),
    identity: { origin: 'site.example/log', ledgerKey: 'ledger', policyKey: 'policy' },
  });
  await control.enrol(await control.admin(), 'olga', ['operator']);
  client = new pg.Client({ connectionString: control.database.url('projector') });
  await client.connect();
  projector = await ProjectorOnDemand.start(client, control.adapters.store, [
    ...fleetProjections(),
    ...auditTrailProjections(),
  ]);
  worker = new pg.Pool({ connectionString: control.database.url('worker'), max: 1 });
  url = await control.listen();
  folder = await mkdtemp(join(tmpdir(), 'holdfast-node-keys-'));
});
afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.stop()));
  control.clock.set(begun);
});
afterAll(async () => {
  await client?.end();
  await worker?.end();
  await control?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** So many days after the tests began. */
const on = (days: number) => later(begun, days * 86_400_000);
const history = async (name: string) => control.history(`node/${name}`);
const types = async (name: string) =>
  (await history(name)).map(({ type }) => type).filter((type) => type !== 'NodeHeardFrom');
const post = (path: string, body: unknown) => control.ask('POST', path, { body });

async function invite(name: string, tokenFile: string, keyDays?: number): Promise<void> {
  const token = await control.signIn('olga');
  const body = { name, reason, ...(keyDays === undefined ? {} : { keyDays }) };
  const invited = await control.ask('POST', '/v1/nodes', { token, body });
  if (invited.status !== 201) throw new Error(invited.text);
  await writeFile(tokenFile, `${String(invited.json['token'])}\n`);
}

/** A proxy as a node, with a spool of its own, for keys of 90 days. */
class Proxy {
  readonly folder: NodeFolder;
  readonly tokenFile: string;
  readonly refusals: string[] = [];
  renewals = 0;

  constructor(readonly name: string) {
    this.folder = new NodeFolder(join(folder, name));
    this.tokenFile = join(folder, `${name}.token`);
  }

  static async invited(name: string): Promise<Proxy> {
    const proxy = new Proxy(name);
    await invite(name, proxy.tokenFile, 90);
    return proxy;
  }

  /** The program starts. @returns the spool, and how it ends */
  async start(): Promise<{ readonly spool: Spool; readonly stop: () => Promise<void> }> {
    const own = this.folder.folder;
    const limits = { ...SPOOL_LIMITS, restMs: 0 };
    const fail = (error: unknown): never => {
      throw error;
    };
    const spool = await Spool.open(this.folder.spool(), await handedOverUntil(own), fail, limits);
    const there = new ControlClient({ url });
    const now = () => Date.parse(control.clock.now());
    const over = new HandOver(own, spool, there, now);
    const agent = new NodeAgent({
      folder: this.folder,
      control: there,
      tokenFile: this.tokenFile,
      condition: () => ({ version: '1', policyPosition: null, backlog: 0, backlogSince: null }),
      events: {
        enrolled: () => undefined,
        controlReachable: () => undefined,
        keyRenewed: () => void this.renewals++,
        refused: (code) => void this.refusals.push(code),
      },
      handOver: (identity, key, signal) => over.next(identity, key, signal),
      now,
      everyMs: 0,
    });
    agents.push(agent);
    agent.start();
    return { spool, stop: () => agent.stop() };
  }

  async until(what: () => boolean | Promise<boolean>): Promise<void> {
    await vi.waitUntil(what, { timeout: 20_000, interval: 20 });
  }

  /** The node knows it: stopped before, it would ask again. */
  async hasEnrolled(): Promise<boolean> {
    return (await this.folder.identity()) !== undefined;
  }

  /** The node knows that control has what it had. */
  async isHandedOver(): Promise<boolean> {
    return (await readdir(this.folder.spool())).length === 0;
  }

  async revisions(): Promise<number[]> {
    const events = await control.history(`deliveries/${this.name}/0`);
    return events.flatMap(({ data }) =>
      (data as unknown as { records: { revision: number }[] }).records.map(({ revision }) => revision),
    );
  }
}

const delivered = (revision: number): DeliveryRecord =>
  ({
    at: '2026-11-24T07:59:00.000Z',
    what: 'completed',
    device: { brand: 'lab', model: 'box', serial: 'one', proof: 'store' },
    snapId: 'id',
    name: 'lab-hello',
    revision,
    position: '41',
  }) as unknown as DeliveryRecord;
const heartbeat = (node: string): JsonObject => ({
  kind: 'heartbeat',
  node,
  stamp: Date.parse(control.clock.now()) + 1_000_000,
  at: control.clock.now(),
  version: '1',
  policyPosition: null,
  backlog: 0,
  backlogSince: null,
});
const renewal = (node: string, by: NodeKey, next: NodeKey, proof = next) => ({
  ...by.sign({
    kind: 'key-renewal',
    node,
    publicKey: next.publicKey,
    proof: proof.sign(newKeyMessage(node, next.publicKey)).signature,
  }),
});

describe('R29: a node’s key', () => {
  it('is renewed by the node before its end, and the one before is refused from then on', async () => {
    const proxy = await Proxy.invited('renews');
    const { spool } = await proxy.start();
    await proxy.until(() => proxy.hasEnrolled());
    const before = await proxy.folder.key();
    spool.add(delivered(1));
    await proxy.until(async () => (await proxy.revisions()).length === 1);

    control.clock.set(on(60));
    await proxy.until(() => proxy.renewals === 1);
    const after = await proxy.folder.key();
    expect(after.publicKey).not.toBe(before.publicKey);
    expect((await history('renews')).at(-1)).toMatchObject({
      type: 'NodeKeyRenewed',
      data: {
        old: before.publicKey,
        publicKey: after.publicKey,
        tokenDigest: null,
        keyDays: 90,
        keyExpiresAt: on(150),
      },
      actor: { kind: 'service', id: 'control', for: 'node/renews' },
    });
    spool.add(delivered(2));
    await proxy.until(async () => (await proxy.revisions()).length === 2);
    const old = await post('/v1/node-heartbeats', before.sign(heartbeat('renews')));
    expect(old.json).toMatchObject({ status: 403, code: 'node-signature-refused' });
    expect(proxy.refusals).toEqual([]);
  });

  it('is shown again where the answer to it was lost', async () => {
    const proxy = await Proxy.invited('crashes');
    const { stop } = await proxy.start();
    await proxy.until(() => proxy.hasEnrolled());
    await stop();
    control.clock.set(on(61));
    const [key, next] = [await proxy.folder.key(), await proxy.folder.nextKey()];
    expect((await post('/v1/node-keys', renewal('crashes', key, next))).json).toEqual({
      keyExpiresAt: on(151),
    });
    await proxy.start();
    await proxy.until(() => proxy.renewals === 1);
    expect((await proxy.folder.key()).publicKey).toBe(next.publicKey);
    expect(await proxy.folder.hasNextKey()).toBe(false);
    expect(await types('crashes')).toEqual(['NodeInvited', 'NodeEnrolled', 'NodeKeyRenewed']);
  });

  it('that lay there before it enrolled is not taken by a renewal', async () => {
    const proxy = await Proxy.invited('anew');
    const known = await proxy.folder.nextKey();
    const { stop } = await proxy.start();
    await proxy.until(() => proxy.hasEnrolled());
    await stop();
    control.clock.set(on(61));
    await proxy.start();
    await proxy.until(() => proxy.renewals === 1);
    expect((await proxy.folder.key()).publicKey).not.toBe(known.publicKey);
  });

  it('that has ended hands nothing over, loses nothing, and has a way back', async () => {
    const proxy = await Proxy.invited('ends');
    const first = await proxy.start();
    await proxy.until(() => proxy.hasEnrolled());
    first.spool.add(delivered(1));
    await proxy.until(async () => (await proxy.revisions()).length === 1 && (await proxy.isHandedOver()));
    await first.stop();

    const watch = { database: worker, writer: control.adapters.streams, clock: control.clock };
    control.clock.set(on(76));
    expect((await noteNodeKeys(watch)).noted).toEqual({ ending: ['ends'], ended: [] });
    control.clock.set(on(90));
    expect((await noteNodeKeys(watch)).noted).toEqual({ ending: [], ended: ['ends'] });
    expect(await noteNodeKeys(watch)).toEqual({ noted: { ending: [], ended: [] }, count: 1 });
    const { spool } = await proxy.start();
    spool.add(delivered(2));
    await proxy.until(() => proxy.refusals.length > 0);
    expect(proxy.refusals).toEqual(['node-key-expired']);
    const key = await proxy.folder.key();
    const batch = {
      kind: 'deliveries',
      node: 'ends',
      batch: 2,
      previous: 'a'.repeat(64),
      at: on(90),
      records: [],
    };
    expect((await post('/v1/node-deliveries', key.sign(batch))).json).toMatchObject({
      status: 403,
      code: 'node-key-expired',
      detail: expect.stringContaining('"holdfast nodes invite ends" gives out a token') as string,
    });
    expect(await proxy.revisions()).toEqual([1]);
    expect(spool.backlog().records).toBe(1);
    await projector.catchUp();
    const { json } = await control.ask('GET', '/v1/nodes', { token: await control.signIn('olga') });
    const shown = (json['nodes'] as { name: string }[]).find(({ name }) => name === 'ends');
    expect(shown).toMatchObject({ state: 'expired', keyExpiresAt: on(90) });

    await invite('ends', proxy.tokenFile);
    await proxy.until(async () => (await proxy.revisions()).length === 2 && (await proxy.isHandedOver()));
    expect(await proxy.revisions()).toEqual([1, 2]);
    expect((await proxy.folder.key()).publicKey).not.toBe(key.publicKey);
    expect((await types('ends')).slice(2)).toEqual([
      'NodeKeyEnding',
      'NodeKeyEnded',
      'NodeInvited',
      'NodeKeyRenewed',
    ]);
    expect((await noteNodeKeys(watch)).count).toBe(0);
  });

  it('is replaced by nobody who lacks it, or lacks the one that they show', async () => {
    const proxy = await Proxy.invited('strict');
    const { stop } = await proxy.start();
    await proxy.until(() => proxy.hasEnrolled());
    await stop();
    const key = await proxy.folder.key();
    const [thief, next] = [nodeKey(Buffer.alloc(32, 1)), nodeKey(Buffer.alloc(32, 2))];
    const refused = async (body: object, code: string) =>
      expect((await post('/v1/node-keys', body)).json).toMatchObject({ code });
    await refused(renewal('strict', key, next), 'node-key-not-due');
    control.clock.set(on(61));
    await refused(renewal('strict', thief, next), 'node-signature-refused');
    await refused(renewal('strict', key, next, thief), 'node-signature-refused');
    await refused(renewal('another', key, next), 'no-such-node');
    await refused({ ...renewal('strict', key, next), more: 1 }, 'node-message-malformed');
    await refused(
      key.sign({ kind: 'key-renewal', node: 'strict', publicKey: next.publicKey }),
      'node-message-malformed',
    );
    const good = renewal('strict', key, next);
    expect((await post('/v1/node-keys', good)).status).toBe(200);
    // Sent again by whoever saw it.
    expect((await post('/v1/node-keys', good)).status).toBe(200);
    await refused(renewal('strict', key, thief), 'node-signature-refused');
    expect(await types('strict')).toEqual(['NodeInvited', 'NodeEnrolled', 'NodeKeyRenewed']);
  });

  it('opens nothing that is for people, and signs nothing', async () => {
    const proxy = await Proxy.invited('no-person');
    const enrolment = (await readFile(proxy.tokenFile, 'utf8')).trim();
    const { stop } = await proxy.start();
    await proxy.until(() => proxy.hasEnrolled());
    await stop();
    const key = await proxy.folder.key();
    const signed = key.sign(heartbeat('no-person'));
    const message = Buffer.from(JSON.stringify(signed)).toString('base64url');
    const approve = '/v1/change-requests/CR-2026-0001/approve';
    for (const token of [message, key.publicKey, enrolment])
      for (const answer of [
        await control.ask('GET', '/v1/me', { token }),
        await control.ask('POST', approve, { token, body: signed }),
      ])
        expect(answer.json).toMatchObject({ status: 401, code: 'not-signed-in' });
    expect((await post(approve, signed)).json).toMatchObject({ status: 401, code: 'not-signed-in' });
    expect(await types('no-person')).toEqual(['NodeInvited', 'NodeEnrolled']);
  });

  it('that was given no end by an earlier release gets one at the next heartbeat', async () => {
    const proxy = new Proxy('older');
    const { publicKey } = await proxy.folder.key();
    await append(
      control.adapters.store,
      event('node/older', 0, 'NodeEnrolled', { publicKey, tokenDigest: 'a1' }),
    );
    await proxy.folder.enrolled({ node: 'older', origin: 'site.example/log', policyKey: 'policy' });
    await proxy.start();
    await proxy.until(() => proxy.renewals === 1);
    expect((await history('older')).at(-1)).toMatchObject({
      type: 'NodeKeyRenewed',
      data: { old: publicKey, keyDays: 730, keyExpiresAt: on(730) },
    });
  });
});
