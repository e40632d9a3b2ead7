import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogProjections } from '#catalog/projections';
import { fleetProjections } from '#fleet/projections';
import { releaseControlProjections } from '#release-control/projections';
import { changeRequestStream } from '#release-control/domain/change-request/change-request';
import { ControlUnderTest } from '#test/support/control-under-test';
import { emptyReadModels, projectInto } from '#test/support/read-models';

const reason = { code: 'policy', text: 'Nobody needs this snap here, per TP-90' };
const projections = [...catalogProjections(), ...fleetProjections(), ...releaseControlProjections()];

let control: ControlUnderTest;
let projector: pg.Client;
let author: string;
let operator: string;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  const admin = await control.admin();
  await control.enrol(admin, 'ana', ['author']);
  await control.enrol(admin, 'olga', ['operator']);
  author = await control.signIn('ana');
  operator = await control.signIn('olga');
  projector = new pg.Client({ connectionString: control.database.url('projector') });
  await projector.connect();
  await emptyReadModels(projector, projections);
});
afterAll(async () => {
  await projector.end();
  await control.stop();
});

const draft = (items: unknown, more: object = {}) =>
  control.ask('POST', '/v1/change-requests', { token: author, body: { items, reason, ...more } });

describe('asking for a change of the access policy', () => {
  it('records the items, beside overrides', async () => {
    const answer = await draft([
      { kind: 'access', access: 'gated' },
      { kind: 'deny', snap: 'lab-tool' },
      { kind: 'allow', snap: 'lab-multi', listed: false },
      { snap: 'lab-hello', channel: 'stable', revision: 2 },
      { kind: 'override', snap: 'lab-hello', channel: 'edge', revision: null },
    ]);
    expect(answer).toMatchObject({
      status: 202,
      json: { status: 'submitted', inForce: [], accessInForce: { access: 'open', since: null, denied: [] } },
    });
    const [drafted] = await control.history(changeRequestStream(String(answer.json['id'])));
    expect(drafted?.data).toMatchObject({
      items: [
        { kind: 'access', access: 'gated' },
        { kind: 'deny', format: 'snap', name: 'lab-tool', listed: true },
        { kind: 'allow', format: 'snap', name: 'lab-multi', listed: false },
        { format: 'snap', name: 'lab-hello', channel: 'stable', version: '2' },
        { format: 'snap', name: 'lab-hello', channel: 'edge', version: null },
      ],
    });
  });

  it('says nothing of the access policy to who asks for an override', async () => {
    const answer = await draft([{ snap: 'lab-hello', channel: 'stable', revision: 2 }]);
    expect(answer).toMatchObject({ status: 202, json: { accessInForce: null } });
  });

  it.each<[string, unknown, string]>([
    ['an access policy that is none', { kind: 'access', access: 'ajar' }, '/items/0/access'],
    ['an access policy for one snap', { kind: 'access', access: 'open', snap: 'x' }, '/items/0/snap'],
    [
      'publishers ignored',
      { kind: 'publisher-changes', publisherChanges: 'ignore' },
      '/items/0/publisherChanges',
    ],
    ['nothing to unblock', { kind: 'unblock' }, '/items/0/snap'],
    ['a name that is none', { kind: 'deny', snap: '../x' }, '/items/0/snap'],
    ['a list that is neither on nor off', { kind: 'deny', snap: 'x', listed: 'yes' }, '/items/0/listed'],
    ['a kind that is none', { kind: 'forbid', snap: 'x', channel: 'stable', revision: 1 }, '/items/0/kind'],
    [
      'a kind that is no word',
      { kind: { $ne: 1 }, snap: 'x', channel: 'stable', revision: 1 },
      '/items/0/kind',
    ],
    ['no item', null, '/items/0'],
    ['a word for an item', 'deny', '/items/0'],
    ['a list for an item', [], '/items/0'],
  ])('refuses %s', async (_, item, pointer) => {
    const answer = await draft([item]);
    expect(answer).toMatchObject({ status: 400, json: { code: 'invalid-request' } });
    const errors = answer.json['errors'] as { pointer: string }[];
    expect(errors.some((error) => error.pointer.startsWith(pointer))).toBe(true);
  });
});

describe('a ring’s access policy', () => {
  const show = (query = '') => control.ask('GET', `/v1/access${query}`, { token: author });

  it('is open, with empty lists, before anybody set it', async () => {
    expect((await show()).json).toEqual({
      ring: 'default',
      access: 'open',
      since: null,
      denied: [],
      allowed: [],
      blocked: [],
      publisherChanges: 'keep',
      publisherChangesSince: null,
      halts: [],
      halted: [],
    });
  });

  it('is shown with its lists, each since when and by which change request', async () => {
    const at = '2026-11-24T09:00:00.000Z';
    const changeRequest = 'CR-2026-0001';
    const snap = (name: string) => ({ format: 'snap', subject: `id-of-${name}`, name, changeRequest });
    const because = (type: string) => ({ event: `event-${type}`, type, at });
    const events = [
      ['AccessPolicySet', { old: 'open', new: 'gated', changeRequest }],
      ['SnapDenied', { ...snap('lab-tool'), old: null, new: 'denied' }],
      ['SnapAllowed', { ...snap('lab-multi'), old: null, new: 'allowed' }],
      ['SnapAllowed', { ...snap('lab-big'), old: null, new: 'allowed' }],
      ['SnapUnlisted', { ...snap('lab-big'), old: 'allowed', new: null }],
      ['PublisherChangesSet', { old: 'keep', new: 'block', at, changeRequest }],
      [
        'SnapBlocked',
        { ...snap('lab-tool'), old: null, new: 'blocked', because: because('PublisherChanged') },
      ],
      [
        'SnapBlocked',
        { ...snap('lab-tool'), old: 'blocked', new: 'blocked', because: because('RevisionVanished') },
      ],
      [
        'SnapBlocked',
        { ...snap('lab-big'), old: null, new: 'blocked', because: because('PublisherChanged') },
      ],
      ['SnapUnblocked', { ...snap('lab-big'), old: 'blocked', new: null }],
    ] as const;
    await projectInto(
      projector,
      projections,
      events.map(([type, data], i) => ({
        position: BigInt(i),
        bytes: new Uint8Array(),
        envelope: {
          id: `event-${i}`,
          type,
          v: 1,
          stream: 'release-policy/default',
          streamRevision: String(i),
          part: [1, 1],
          at,
          zone: 'Etc/UTC',
          offset: '+00:00',
          actor: { kind: 'service', id: 'worker', for: `change-request/${changeRequest}` },
          authorisedBy: [],
          reason,
          cause: 'approval',
          correlation: 'request',
          data,
        },
      })),
    );
    const since = (position: string) => ({ position, at, changeRequest });
    expect((await show('?ring=default')).json).toEqual({
      ring: 'default',
      access: 'gated',
      since: since('0'),
      denied: [{ name: 'lab-tool', snapId: 'id-of-lab-tool', since: since('1') }],
      allowed: [{ name: 'lab-multi', snapId: 'id-of-lab-multi', since: since('2') }],
      blocked: [
        { name: 'lab-tool', snapId: 'id-of-lab-tool', since: since('7'), because: 'RevisionVanished' },
      ],
      publisherChanges: 'block',
      publisherChangesSince: since('5'),
      halts: [],
      halted: [],
    });
    const { rows } = await projector.query(
      `select value, to_position from read.access_policy_v3 where name = 'lab-big' and what = 'listing'`,
    );
    expect(rows).toEqual([{ value: 'allowed', to_position: '4' }]);
  });
});

describe('halting', () => {
  const halt = (ring: string, body: object, token: string) =>
    control.ask('POST', `/v1/rings/${ring}/halt`, { token, body: { reason, ...body } });
  const toolId = 'labtoolidlabtoolidlabtoolidlab02';

  it('R01: stops a ring or a snap at once, by one operator, in the record', async () => {
    expect(await halt('default', { snap: toolId }, operator)).toMatchObject({
      status: 200,
      json: { ring: 'default', snaps: [{ name: toolId, snapId: toolId, known: false }] },
    });
    expect(await halt('default', {}, operator)).toMatchObject({ status: 200, json: { snaps: null } });
    const again = { code: 'other', text: 'a wrong label was printed on line 4' };
    expect(await halt('default', { reason: again }, operator)).toMatchObject({ status: 200 });
    const history = await control.history('release-policy/default');
    expect(history.map(({ type }) => type)).toEqual(['SnapHalted', 'RingHalted', 'RingHalted']);
    expect(history[1]).toMatchObject({ reason, actor: { kind: 'person', roles: ['operator'] } });
    await projectInto(
      projector,
      projections,
      history.map((envelope, i) => ({ position: 100n + BigInt(i), bytes: new Uint8Array(), envelope })),
    );
    const { json } = await control.ask('GET', '/v1/access', { token: operator });
    expect(json).toMatchObject({
      halts: [{ why: reason.text }, { why: again.text }],
      halted: [{ snapId: toolId, halts: [{ why: reason.text }] }],
    });
  });

  it('is nobody else’s, and is of a ring and a snap that there are', async () => {
    const refused = async (status: number, code: string, ring: string, body: object, token = operator) =>
      expect(await halt(ring, body, token)).toMatchObject({ status, json: { code } });
    await refused(403, 'operator-required', 'default', {}, author);
    await refused(404, 'no-such-ring', 'nowhere', {});
    await refused(404, 'snap-not-known', 'default', { snap: 'nobody-knows' });
    await refused(400, 'reason-required', 'default', { reason: { code: 'x', text: 'stop' } });
    await refused(400, 'invalid-request', 'default', { snap: '../x' });
  });

  it('of a name is of every snap that has had it here', async () => {
    const rows = `insert into read.upstream_snap_v1 (snap_id, name, revoked, changed_position, changed_at)
      values ('newidnewidnewidnewidnewidnewid01', 'lab-moved', false, 1, now())`;
    await projector.query(rows);
    const asked = `insert into read.asked_snap_v1 values ('oldidoldidoldidoldidoldidoldid01', 'lab-moved', 'CR-1', 1, now())`;
    await projector.query(asked);
    const { json } = await halt('default', { snap: 'lab-moved' }, operator);
    expect(json).toMatchObject({ snaps: [{ known: true }, { known: true }] });
    const ids = (json['snaps'] as { snapId: string }[]).map(({ snapId }) => snapId).sort();
    expect(ids).toEqual(['newidnewidnewidnewidnewidnewid01', 'oldidoldidoldidoldidoldidoldid01']);
  });

  it('of a name that too many snaps have had is refused: none is left out unsaid', async () => {
    await projector.query(
      `insert into read.upstream_snap_v1 (snap_id, name, revoked, changed_position, changed_at)
       select 'manyidmanyidmanyidmanyidmanyid' || lpad(n::text, 2, '0'), 'lab-many', false, 1, now() from generate_series(1, 21) as n`,
    );
    expect(await halt('default', { snap: 'lab-many' }, operator)).toMatchObject({
      status: 409,
      json: { code: 'ambiguous-name' },
    });
  });

  it('is ended by a change request alone', async () => {
    const answer = await draft([{ kind: 'resume-ring' }, { kind: 'resume', snap: 'lab-tool' }]);
    expect(answer).toMatchObject({ status: 202, json: { status: 'submitted' } });
    const [drafted] = await control.history(changeRequestStream(String(answer.json['id'])));
    expect(drafted?.data).toMatchObject({
      items: [{ kind: 'resume-ring' }, { kind: 'resume', format: 'snap', name: 'lab-tool' }],
    });
  });
});
