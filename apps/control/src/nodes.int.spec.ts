import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditTrailProjections } from '#audit-trail/projections';
import { byWorker } from '#test/support/decider-specification';
import type { JsonObject } from '#kernel';
import { ControlClient } from '#fleet/node/control-client';
import { enrol } from '#fleet/node/enrol';
import { NodeFolder } from '#fleet/node/node-folder';
import { fleetProjections } from '#fleet/projections';
import { nodeKey, type NodeKey } from '#fleet/message';
import { noteSilentNodes } from '#fleet/silence/note-silent-nodes';
import { site, SITE_STREAM } from '#site/published';
import { ControlUnderTest } from '#test/support/control-under-test';
import { emptyReadModels, projectInto } from '#test/support/read-models';
import { readWhole } from '#test/support/whole-history';

const projections = [...fleetProjections(), ...auditTrailProjections()];
const reason = { code: 'new-site', text: 'the plant gets a proxy of its own' };
const ORIGIN = 'site.example/log';
const POLICY_KEY = 'site.example/log/policy+00000000+AAAA';

let control: ControlUnderTest;
let olga: string;
let ada: string;
let url: string;
let folder: string;
let projector: pg.Client;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  await control.adapters.streams.decideAndAppend(site, SITE_STREAM, {
    type: 'FoundSite',
    context: byWorker(SITE_STREAM),
    identity: { origin: ORIGIN, ledgerKey: 'ledger', policyKey: POLICY_KEY },
  });
  const admin = await control.admin();
  await control.enrol(admin, 'olga', ['operator']);
  await control.enrol(admin, 'ada', ['author', 'auditor']);
  [olga, ada] = [await control.signIn('olga'), await control.signIn('ada')];
  url = await control.listen();
  folder = await mkdtemp(join(tmpdir(), 'holdfast-nodes-'));
  projector = new pg.Client({ connectionString: control.database.url('projector') });
  await projector.connect();
  await emptyReadModels(projector, projections);
});
afterAll(async () => {
  await projector?.end();
  await control?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function invited(name: string): Promise<string> {
  const answer = await control.ask('POST', '/v1/nodes', { token: olga, body: { name, reason } });
  expect(answer).toMatchObject({ status: 201, json: { node: name, expiresAt: '2026-11-25T08:00:00.000Z' } });
  return String(answer.json['token']);
}

/** A proxy that has enrolled by its folder, as proxies do. */
async function enrolled(name: string): Promise<{ readonly folder: NodeFolder; readonly key: NodeKey }> {
  const tokenFile = join(folder, `${name}.token`);
  await writeFile(tokenFile, `${await invited(name)}\n`);
  const own = new NodeFolder(join(folder, name));
  await enrol(own, new ControlClient({ url }), tokenFile, AbortSignal.timeout(10_000));
  return { folder: own, key: await own.key() };
}

const send = (path: string, body: unknown) => control.ask('POST', path, { body });
const heartbeat = (node: string, stamp: number): JsonObject => ({
  kind: 'heartbeat',
  node,
  stamp,
  at: '2026-11-24T07:59:00.000Z',
  version: '0.1.0',
  ring: 'pilot',
  policyPosition: '41',
  backlog: 3,
  backlogSince: '2026-11-24T07:58:00.000Z',
});
async function nodes(token = olga): Promise<Record<string, JsonObject>> {
  await projector.query('truncate read_blue.node_v2, read_blue.audit_trail_v1');
  await projectInto(projector, projections, await readWhole(control.adapters.store));
  const { json } = await control.ask('GET', '/v1/nodes', { token });
  return Object.fromEntries(
    (json['nodes'] as (JsonObject & { name: string })[]).map((each) => [each.name, each]),
  );
}

describe('an enrolment', () => {
  it('takes one token, makes a key of its own, and says what is to be pinned', async () => {
    const { folder: own, key } = await enrolled('dmz-1');
    expect(await own.identity()).toEqual({ node: 'dmz-1', origin: ORIGIN, policyKey: POLICY_KEY });
    expect((await stat(join(own.folder, 'node.key'))).mode & 0o777).toBe(0o600);
    const history = await control.history('node/dmz-1');
    expect(history).toMatchObject([
      { type: 'NodeInvited', actor: { name: 'olga of the team' }, reason },
      {
        type: 'NodeEnrolled',
        data: { publicKey: key.publicKey },
        actor: { kind: 'service', id: 'control', for: 'node/dmz-1' },
      },
    ]);
    const token = (await readFile(join(folder, 'dmz-1.token'), 'utf8')).trim();
    expect(JSON.stringify(history)).not.toContain(token);
    expect(control.log.join('')).not.toContain(token);
  });

  it('is the same when its answer was lost, and refused to another key', async () => {
    const token = await invited('dmz-2');
    const [key, thief] = [nodeKey(Buffer.alloc(32, 1)), nodeKey(Buffer.alloc(32, 2))];
    const by = (who: NodeKey) => who.sign({ kind: 'enrolment', token, publicKey: who.publicKey });
    expect((await send('/v1/node-enrolments', by(key))).status).toBe(200);
    expect((await send('/v1/node-enrolments', by(key))).status).toBe(200);
    expect((await send('/v1/node-enrolments', by(thief))).json).toMatchObject({
      status: 403,
      code: 'enrolment-refused',
    });
    expect(await control.history('node/dmz-2')).toHaveLength(2);
  });

  it('is refused to who does not hold the key, and for what is no message', async () => {
    const token = await invited('dmz-3');
    const [key, other] = [nodeKey(Buffer.alloc(32, 3)), nodeKey(Buffer.alloc(32, 4))];
    const stolen = other.sign({ kind: 'enrolment', token, publicKey: key.publicKey });
    expect((await send('/v1/node-enrolments', stolen)).json).toMatchObject({
      code: 'node-signature-refused',
    });
    for (const body of [
      {},
      [],
      { message: {}, signature: '' },
      { ...stolen, signature: 'A'.repeat(5000) },
      { ...stolen, more: 1 },
      key.sign({ kind: 'heartbeat', token, publicKey: key.publicKey }),
      key.sign({ kind: 'enrolment', token, publicKey: key.publicKey, more: true }),
    ])
      expect((await send('/v1/node-enrolments', body)).json).toMatchObject({ status: 400 });
    const unknown = key.sign({ kind: 'enrolment', token: 'hfn_dmz-3.x', publicKey: key.publicKey });
    expect((await send('/v1/node-enrolments', unknown)).json).toMatchObject({ code: 'enrolment-refused' });
    expect(await control.history('node/dmz-3')).toHaveLength(1);
  });

  it("is an operator's to allow", async () => {
    const body = { name: 'dmz-4', reason };
    expect((await control.ask('POST', '/v1/nodes', { token: ada, body })).json).toMatchObject({
      status: 403,
      code: 'operator-required',
    });
    expect(
      (await control.ask('POST', '/v1/nodes', { token: olga, body: { ...body, name: '../x' } })).json,
    ).toMatchObject({
      errors: [{ pointer: '/name' }],
    });
    expect((await control.ask('POST', '/v1/nodes', { body })).status).toBe(401);
  });
});

describe('heartbeats', () => {
  it('show how a node is; one that is sent again is none', async () => {
    const { key } = await enrolled('beats');
    expect((await send('/v1/node-heartbeats', key.sign(heartbeat('beats', 10)))).json).toEqual({
      taken: true,
      last: null,
      renewKey: false,
    });
    expect((await send('/v1/node-heartbeats', key.sign(heartbeat('beats', 11)))).json).toEqual({
      taken: true,
      last: null,
      renewKey: false,
    });
    for (const stamp of [10, 11])
      expect((await send('/v1/node-heartbeats', key.sign(heartbeat('beats', stamp)))).json).toEqual({
        taken: false,
        last: '11',
        renewKey: false,
      });
    expect(await control.history('node/beats')).toHaveLength(3);
    expect((await nodes(ada))['beats']).toMatchObject({
      state: 'enrolled',
      lastHeardAt: '2026-11-24T08:00:00.000Z',
      clockAheadMs: -60_000,
      version: '0.1.0',
      ring: 'pilot',
      policyPosition: '41',
      backlog: 3,
      publicKey: key.publicKey,
    });
  });

  it('are taken from nobody else', async () => {
    const [one, two] = [await enrolled('one'), await enrolled('two')];
    const stolen = one.key.sign(heartbeat('two', 1));
    expect((await send('/v1/node-heartbeats', stolen)).json).toMatchObject({
      status: 403,
      code: 'node-signature-refused',
    });
    const changed = { ...two.key.sign(heartbeat('two', 1)), message: heartbeat('two', 2) };
    expect((await send('/v1/node-heartbeats', changed)).json).toMatchObject({
      code: 'node-signature-refused',
    });
    expect((await send('/v1/node-heartbeats', two.key.sign(heartbeat('nobody', 1)))).json).toMatchObject({
      status: 404,
      code: 'no-such-node',
    });
    expect((await nodes())['two']).toMatchObject({ state: 'enrolled', lastHeardAt: null });
  });

  it('that stop are noted by the worker, once, until the node is back', async () => {
    const { key } = await enrolled('quiet');
    await send('/v1/node-heartbeats', key.sign(heartbeat('quiet', 1)));
    const database = new pg.Pool({ connectionString: control.database.url('worker'), max: 1 });
    const watch = { database, writer: control.adapters.streams, clock: control.clock };
    expect(await noteSilentNodes(watch)).toEqual({ noted: [], silent: [] });
    control.clock.set('2026-11-24T08:15:01.000Z');
    expect((await noteSilentNodes(watch)).noted).toContain('quiet');
    const again = await noteSilentNodes(watch);
    expect(again.noted).toEqual([]);
    expect(again.silent).toContain('quiet');
    expect((await nodes())['quiet']).toMatchObject({ state: 'silent' });
    await send('/v1/node-heartbeats', key.sign(heartbeat('quiet', 2)));
    expect((await nodes())['quiet']).toMatchObject({ state: 'enrolled' });
    expect((await control.history('node/quiet')).map(({ type }) => type).slice(2)).toEqual([
      'NodeHeardFrom',
      'NodeFellSilent',
      'NodeCameBack',
    ]);
    await database.end();
    control.clock.set('2026-11-24T08:00:00.000Z');
  });
});

it('is over for a node that is retired', async () => {
  const { key } = await enrolled('old');
  const retired = await control.ask('POST', '/v1/nodes/old/retire', { token: olga, body: { reason } });
  expect(retired).toMatchObject({ status: 200, json: { node: 'old' } });
  expect((await send('/v1/node-heartbeats', key.sign(heartbeat('old', 1)))).json).toMatchObject({
    status: 409,
    code: 'node-retired',
  });
  expect((await nodes())['old']).toMatchObject({ state: 'retired' });
  const again = await control.ask('POST', '/v1/nodes/old/retire', { token: olga, body: { reason } });
  expect(again.json).toMatchObject({ status: 409, code: 'node-retired' });
  const nobody = await control.ask('POST', '/v1/nodes/nobody/retire', { token: olga, body: { reason } });
  expect(nobody.json).toMatchObject({ status: 404, code: 'no-such-node' });
});

it.each([
  ['GET', '/v1/deliveries', 'name a device'],
  ['GET', '/v1/deliveries?snap=core18', 'name a device'],
  ['GET', '/v1/deliveries?snap=core18&revision=0', 'revision'],
  ['GET', '/v1/deliveries?device=1&after=%2F', 'after'],
] as const)('%s %s says what it wants: %s', async (method, path, says) => {
  const { json } = await control.ask(method, path, { token: ada });
  expect(json).toMatchObject({ status: 400, code: 'invalid-request' });
  expect(JSON.stringify(json)).toContain(says);
});

it('finds deliveries of nobody, and asks for a session first', async () => {
  const nothing = { deliveries: [], lastSeenAt: null, next: null };
  for (const query of ['device=lab/box/1', 'device=1', 'snap=core18&revision=7'])
    expect((await control.ask('GET', `/v1/deliveries?${query}`, { token: ada })).json).toEqual(nothing);
  expect((await control.ask('GET', '/v1/deliveries?device=1')).status).toBe(401);
});
