import { later } from '#kernel';
import { USUAL_KEY_DAYS } from '#fleet/domain/node/key-days';
import { newKeyMessage, nodeKey } from '#fleet/message';
import { NO_BATCH } from '#fleet/domain/deliveries/deliveries';
import { heldIn, holds, holdsStream } from '#release-control/domain/holds/holds';
import { releasePolicy, releasePolicyStream } from '#release-control/domain/release-policy/release-policy';
import { byWorker } from '#test/support/decider-specification';
import { PASSWORD, REASON } from '#test/support/control-under-test';
import type { Stage } from './stage.js';
import type { HowItSucceeds } from './every-change.js';

export const CHANGES_OF_THE_SITE: HowItSucceeds = {
  'POST /v1/record-copies': async (stage) => {
    await stage.projector.catchUp();
    return { url: '/v1/record-copies', token: stage.token('ben'), body: { of: 'agenda' } };
  },
  'POST /v1/watched-snaps': async (stage) => {
    const body = { snap: stage.name('lab-tool'), reason: REASON };
    return { url: '/v1/watched-snaps', token: stage.token('olga'), body };
  },
  'DELETE /v1/watched-snaps/{snap}': async (stage) => {
    const snap = stage.name('lab-tool');
    await stage.post('olga', '/v1/watched-snaps', { snap, reason: REASON });
    return { url: `/v1/watched-snaps/${snap}`, token: stage.token('olga'), body: { reason: REASON } };
  },
  'POST /v1/syncs': async (stage) => {
    const snap = stage.name('lab-tool');
    await stage.post('olga', '/v1/watched-snaps', { snap, reason: REASON });
    await stage.projector.catchUp();
    return { url: '/v1/syncs', token: stage.token('olga'), body: { reason: REASON } };
  },
  'POST /v1/nodes': async (stage) => {
    return {
      url: '/v1/nodes',
      token: stage.token('olga'),
      body: { name: stage.name('dmz'), reason: REASON },
    };
  },
  'POST /v1/nodes/{name}/retire': async (stage) => {
    const name = stage.name('dmz');
    await stage.post('olga', '/v1/nodes', { name, reason: REASON });
    return { url: `/v1/nodes/${name}/retire`, token: stage.token('olga'), body: { reason: REASON } };
  },
  'POST /v1/node-enrolments': async (stage) => {
    const { json } = await stage.post('olga', '/v1/nodes', { name: stage.name('dmz'), reason: REASON });
    const message = { kind: 'enrolment', token: String(json['token']), publicKey: KEY.publicKey };
    return { url: '/v1/node-enrolments', body: KEY.sign(message) };
  },
  'POST /v1/node-heartbeats': async (stage) => {
    const node = await enrolledNode(stage);
    const heartbeat = (stamp: number) =>
      KEY.sign({
        kind: 'heartbeat',
        node,
        stamp,
        at: stage.control.clock.now(),
        version: '0.1.0',
        ring: 'default',
        policyPosition: null,
        backlog: 0,
        backlogSince: null,
      });
    // The first one says which ring it has, which is an event.
    await stage.control.ask('POST', '/v1/node-heartbeats', { body: heartbeat(1) });
    return { url: '/v1/node-heartbeats', body: heartbeat(2) };
  },
  'POST /v1/node-keys': async (stage) => {
    const node = await enrolledNode(stage);
    const { clock } = stage.control;
    clock.set(later(clock.now(), (USUAL_KEY_DAYS - 1) * 86_400_000));
    const next = nodeKey(Buffer.alloc(32, 8));
    const proof = next.sign(newKeyMessage(node, next.publicKey)).signature;
    const message = { kind: 'key-renewal', node, publicKey: next.publicKey, proof };
    return { url: '/v1/node-keys', body: KEY.sign(message) };
  },
  'POST /v1/node-deliveries': async (stage) => {
    const at = stage.control.clock.now();
    const device = { brand: 'lab', model: 'box', serial: 'one', proof: 'store' };
    const what = { what: 'completed', snapId: 'id', name: 'lab-hello', revision: 1, position: '41' };
    const batch = {
      kind: 'deliveries',
      node: await enrolledNode(stage),
      batch: 1,
      previous: NO_BATCH,
      at,
      records: [{ at, device, ...what }],
    };
    return { url: '/v1/node-deliveries', body: KEY.sign(batch) };
  },
  'POST /v1/rings': async (stage) => {
    return {
      url: '/v1/rings',
      token: stage.token('olga'),
      body: { name: stage.name('ring'), reason: REASON },
    };
  },
  'POST /v1/device-lists/{list}': async (stage) => {
    return {
      url: `/v1/device-lists/${stage.name('list')}`,
      token: stage.token('olga'),
      body: { devices: ['acme/gateway/0001'], reason: REASON },
    };
  },
  'POST /v1/settings': async (stage) => {
    const changes = [{ key: 'forward-proxy', value: `http://${stage.name('proxy')}.example:3128` }];
    return { url: '/v1/settings', token: stage.token('olga'), body: { changes, reason: REASON } };
  },
  'POST /v1/settings/{key}/confirm': async (stage) => {
    const [key, value] = ['signing-pause-minutes', String(50 + stage.next())];
    await stage.commissioned();
    await stage.post('admin', '/v1/settings', { changes: [{ key, value }], reason: REASON });
    const body = { value, password: PASSWORD, reason: REASON };
    return { url: `/v1/settings/${key}/confirm`, token: stage.token('eve'), body };
  },
  'POST /v1/settings/reveal': async (stage) => {
    const changes = [
      { key: 'forward-proxy-credentials', value: 'me:hunter2' },
      { key: 'forward-proxy', value: 'http://proxy.example:3128' },
    ];
    await stage.post('olga', '/v1/settings', { changes, reason: REASON });
    const body = { keys: ['forward-proxy-credentials'], reason: REASON };
    return { url: '/v1/settings/reveal', token: stage.token('olga'), body };
  },
  'POST /v1/mail-addresses': async (stage) => {
    const body = { login: 'ana', address: `ana-${stage.next()}@site.example`, reason: REASON };
    return { url: '/v1/mail-addresses', token: stage.token('ana'), body };
  },
  'POST /v1/holds': async (stage) => {
    const snap = await stage.held();
    const terms = { owner: 'ana', risk: 'what it fixes is not in use here', expiresAt: null };
    return {
      url: '/v1/holds',
      token: stage.token('cyd'),
      body: { ring: 'default', snap, ...terms, reason: REASON },
    };
  },
  'POST /v1/holds/evaluations': async (stage) => {
    const snap = await stage.held();
    await sayOverdue(stage, snap);
    const evaluation = {
      seen: ['99'],
      mitigation: 'the service is switched off here',
      until: '2027-01-31',
      reason: REASON,
    };
    return {
      url: '/v1/holds/evaluations',
      token: stage.token('cyd'),
      body: { ring: 'default', snap, ...evaluation },
    };
  },
  'POST /v1/sinks': async (stage) => {
    return { url: '/v1/sinks', token: stage.token('olga'), body: newSink(stage) };
  },
  'POST /v1/sinks/{name}': async (stage) => {
    const body = { newSecret: true, reason: REASON };
    return { url: `/v1/sinks/${await addedSink(stage)}`, token: stage.token('olga'), body };
  },
  'DELETE /v1/sinks/{name}': async (stage) => {
    const url = `/v1/sinks/${await addedSink(stage)}`;
    return { url, token: stage.token('olga'), body: { reason: REASON } };
  },
  'POST /v1/sinks/{name}/pause': async (stage) => {
    const url = `/v1/sinks/${await addedSink(stage)}/pause`;
    return { url, token: stage.token('olga'), body: { reason: REASON } };
  },
  'POST /v1/sinks/{name}/resume': async (stage) => {
    const sink = `/v1/sinks/${await addedSink(stage)}`;
    await stage.post('olga', `${sink}/pause`, { reason: REASON });
    return { url: `${sink}/resume`, token: stage.token('olga'), body: { reason: REASON } };
  },
  'POST /v1/sinks/{name}/replay': async (stage) => {
    const url = `/v1/sinks/${await addedSink(stage)}/replay`;
    return { url, token: stage.token('olga'), body: { from: '0', reason: REASON } };
  },
};

const newSink = (stage: Stage) => ({
  name: stage.name('sink'),
  kind: 'webhook',
  address: 'https://operations.example/hook',
  reason: REASON,
});

async function addedSink(stage: Stage): Promise<string> {
  const sink = newSink(stage);
  await stage.post('olga', '/v1/sinks', sink);
  return sink.name;
}

const KEY = nodeKey(Buffer.alloc(32, 7));

async function enrolledNode(stage: Stage): Promise<string> {
  const name = stage.name('dmz');
  const { json } = await stage.post('olga', '/v1/nodes', { name, reason: REASON });
  const message = { kind: 'enrolment', token: String(json['token']), publicKey: KEY.publicKey };
  const { status, text } = await stage.control.ask('POST', '/v1/node-enrolments', {
    body: KEY.sign(message),
  });
  if (status !== 200) throw new Error(text);
  return name;
}

/** As the worker does of what upstream has had something newer of for long. */
async function sayOverdue({ control }: Stage, snap: string): Promise<void> {
  const { streams } = control.adapters;
  const { state } = await streams.load(releasePolicy, releasePolicyStream('default'));
  const held = heldIn(state).find(({ name }) => name === snap);
  if (!held) throw new Error(`the ring default holds no ${snap}`);
  const { target, name, version } = held;
  const since = '2026-01-01T00:00:00.000Z';
  await streams.decideAndAppend(holds, holdsStream('default'), {
    type: 'ReviewHold',
    hold: { target, name, version },
    behind: { upstream: '99', since, offeredSince: since },
    afterDays: 30,
    context: byWorker(holdsStream('default'), { at: control.clock.now() }),
  });
}
