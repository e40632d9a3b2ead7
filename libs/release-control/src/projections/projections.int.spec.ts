import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogProjections } from '#catalog/projections';
import { decodeEvent, encodeEvent, systemClock, type EventEnvelope } from '#kernel';
import { placeIn } from '#platform/http/page';
import type { PositionedEvent, Projection } from '#platform/projection';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { People } from '#identity/people';
import { RolesHeld } from '#identity/published';
import { StreamWriter } from '#platform/decide-and-append';
import { ReadModels } from '#platform/http/read-models';
import { noteSigner, signNote } from '#tlog';
import { emptyReadModels, projectInto } from '#test/support/read-models';
import { testDatabase } from '#test/support/test-database';
import { openPolicy, policyKeyName } from '../policy-document/note.js';
import { PolicyDocumentProjection } from '../policy-document/policy-document-projection.js';
import { releaseControlProjections } from '../projections.js';
import { ListChangeRequests, ListChangeRequestsHandler } from '../queries/list-change-requests/query.js';
import { ListOverrides, ListOverridesHandler } from '../queries/list-overrides/query.js';
import { ShowChangeRequest, ShowChangeRequestHandler } from '../queries/show-change-request/query.js';

const ORIGIN = 'holdfast.example.test/site-a';
const policyKey = noteSigner(policyKeyName(ORIGIN), Buffer.alloc(32, 1));
const target = {
  format: 'snap',
  subject: 'id-of-lab-hello',
  channel: 'latest/stable',
  architecture: 'amd64',
};
const item = { format: 'snap', name: 'lab-hello', channel: 'latest/stable', version: '1' };
const reason = { code: 'security-fix', text: 'CVE-2026-1234, tested per TP-88' };
const author = { id: 'id-of-Ana', name: 'Ana' };
const one = { version: '1', manifest: '1'.repeat(64) };
const two = { version: '2', manifest: '2'.repeat(64) };

let projector: pg.Client;
let proxy: pg.Client;
let readModels: ReadModels;
let store: PostgresEventStore;
let show: ShowChangeRequestHandler;
let projections: Projection[];
let next = 0n;

beforeAll(async () => {
  const database = await testDatabase();
  projector = new pg.Client({ connectionString: database.url('projector') });
  proxy = new pg.Client({ connectionString: database.url('proxy') });
  await Promise.all([projector.connect(), proxy.connect()]);
  readModels = new ReadModels(database.url('control'));
  store = new PostgresEventStore(database.url('control'));
  const streams = new StreamWriter(store, 'Europe/Zurich');
  show = new ShowChangeRequestHandler(readModels, streams, new RolesHeld(new People(streams)), systemClock);
  const policies = new PolicyDocumentProjection({
    origin: ORIGIN,
    sign: (text) => signNote(text, [policyKey]),
    rootAt: (position) => Buffer.from(`root at ${position}`).toString('base64'),
    history: store,
  });
  // Overrides are shown beside what upstream has.
  projections = [...catalogProjections(), ...releaseControlProjections(), policies];
  await emptyReadModels(projector, projections);
});

afterAll(async () => {
  await Promise.all([projector.end(), proxy.end(), readModels.close(), store.close()]);
});

/** One append, as the projector hands it on. */
async function project(stream: string, ...events: { type: string; data: object }[]): Promise<void> {
  const positioned = events.map(({ type, data }, i): PositionedEvent => {
    const bytes = encodeEvent({
      id: `event-${next + BigInt(i)}`,
      type,
      v: 1,
      stream,
      streamRevision: '0',
      part: [i + 1, events.length],
      at: '2026-11-22T12:48:14.123Z',
      zone: 'Europe/Zurich',
      offset: '+01:00',
      actor: { kind: 'person', id: 'id-of-Ana', name: 'Ana', roles: ['author'], auth: 'session' },
      authorisedBy: [],
      reason,
      cause: 'command-1',
      correlation: 'request-1',
      data: data as EventEnvelope['data'],
    });
    return { position: next + BigInt(i), envelope: decodeEvent(bytes), bytes };
  });
  next += BigInt(events.length);
  await projectInto(projector, projections, positioned);
}

async function policy(ring = 'default') {
  const { rows } = await proxy.query<{ document: Buffer; note: string }>(
    `select document, note from read.policy_document_v1 where ring = $1`,
    [ring],
  );
  if (!rows[0]) throw new Error(`ring ${ring} has no policy document`);
  return openPolicy(rows[0], { vkey: policyKey.vkey, origin: ORIGIN, ring });
}

const override = (old: typeof one | null, to: typeof one, changeRequest: string) => ({
  type: 'OverrideSet',
  data: { target, name: 'lab-hello', old, new: to, changeRequest },
});

describe('the read models of release control', () => {
  it('give the default ring an empty policy from the first event on', async () => {
    await project('site', { type: 'SiteFounded', data: { origin: ORIGIN } });
    expect(await policy()).toMatchObject({ position: '0', access: 'open', entries: [] });
  });

  it('show a request as far as it is, with its history', async () => {
    await project(
      'change-request/CR-2026-0001',
      { type: 'ChangeDrafted', data: { id: 'CR-2026-0001', ring: 'default', author, reason, items: [item] } },
      { type: 'ChangeSubmitted', data: { submission: 1, at: '2026-11-22T12:48:14.123Z' } },
    );
    const shown = await show.execute(new ShowChangeRequest('CR-2026-0001'));
    expect(shown).toMatchObject({
      status: 'submitted',
      author,
      items: [item],
      record: null,
      recordDigest: null,
    });
    expect(shown.history.map(({ position, type }) => `${position} ${type}`)).toEqual([
      '1 ChangeDrafted',
      '2 ChangeSubmitted',
    ]);
  });

  it('list requests by status, the newest first, in pages', async () => {
    for (const id of ['CR-2026-0002', 'CR-2026-0003']) {
      await project(`change-request/${id}`, {
        type: 'ChangeDrafted',
        data: { id, ring: 'default', author, reason, items: [item] },
      });
    }
    const list = new ListChangeRequestsHandler(readModels);
    const first = await list.execute(new ListChangeRequests({ limit: 2 }));
    expect(first.changeRequests.map(({ id }) => id)).toEqual(['CR-2026-0003', 'CR-2026-0002']);
    const second = await list.execute(
      new ListChangeRequests({ limit: 2, after: placeIn('change-requests', first.next ?? '') }),
    );
    expect(second).toMatchObject({ changeRequests: [{ id: 'CR-2026-0001' }], next: null });
    const drafted = await list.execute(new ListChangeRequests({ limit: 10, status: 'submitted' }));
    expect(drafted.changeRequests.map(({ id }) => id)).toEqual(['CR-2026-0001']);
  });

  it('say that there is no such request', async () => {
    await expect(show.execute(new ShowChangeRequest('CR-2026-9999'))).rejects.toMatchObject({
      code: 'no-such-change-request',
    });
  });

  it('hold an override from the event that set it', async () => {
    await project('release-policy/default', override(null, one, 'CR-2026-0001'));
    const { overrides: inForce } = await new ListOverridesHandler(readModels).execute(
      new ListOverrides({ ring: 'default' }),
    );
    expect(inForce).toMatchObject([
      {
        name: 'lab-hello',
        version: '1',
        since: { position: '5', at: '2026-11-22T12:48:14.123Z', changeRequest: 'CR-2026-0001' },
      },
    ]);
    expect(await policy()).toMatchObject({
      position: '5',
      root: Buffer.from('root at 5').toString('base64'),
      entries: [{ ...target, name: 'lab-hello', ...one }],
    });
  });

  it('keep what was in force before', async () => {
    await project('release-policy/default', override(one, two, 'CR-2026-0002'));
    const { rows } = await projector.query(
      'select version, from_position, to_position from read.override_v1 order by from_position',
    );
    expect(rows).toEqual([
      { version: '1', from_position: '5', to_position: '6' },
      { version: '2', from_position: '6', to_position: null },
    ]);
  });

  it('give a target back to upstream', async () => {
    await project('release-policy/default', {
      type: 'OverrideRemoved',
      data: { target, name: 'lab-hello', old: two, new: null, changeRequest: 'CR-2026-0003' },
    });
    expect(
      await new ListOverridesHandler(readModels).execute(new ListOverrides({ ring: 'default' })),
    ).toEqual({ overrides: [], next: null });
    expect(await policy()).toMatchObject({ position: '7', entries: [] });
  });

  it('give another ring an empty policy when it is created', async () => {
    const position = next;
    await project('rings', { type: 'RingCreated', data: { ring: 'pilot', order: ['default', 'pilot'] } });
    expect(await policy('pilot')).toMatchObject({
      ring: 'pilot',
      position: String(position),
      access: 'open',
      entries: [],
    });
  });

  it('cannot be written by control, nor by a proxy', async () => {
    await expect(readModels.query('delete from read.change_request_v9')).rejects.toThrow(/permission denied/);
    await expect(proxy.query('update read.policy_document_v1 set position = 99')).rejects.toThrow(
      /permission denied/,
    );
    await expect(proxy.query('select * from read.change_request_v9')).rejects.toThrow(/permission denied/);
  });
});
