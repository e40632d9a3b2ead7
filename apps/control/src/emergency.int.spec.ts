import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogProjections } from '#catalog/projections';
import { fleetProjections } from '#fleet/projections';
import { identityProjections } from '#identity/projections';
import { StreamWriter } from '#platform/decide-and-append';
import { changeRequestStream } from '#release-control/domain/change-request/change-request';
import { releasePolicyStream } from '#release-control/domain/release-policy/release-policy';
import { releaseControlProjections } from '#release-control/projections';
import { applyReactor } from '#release-control/reactors/apply-approved-change/reactor';
import { captureReactor } from '#release-control/reactors/capture-submitted-change/reactor';
import { haltUnratified } from '#release-control/reactors/halt-unratified/halt-unratified';
import { refusedRatificationReactor } from '#release-control/reactors/halt-unratified/reactor';
import { ControlUnderTest, PASSWORD, REASON, type Answer } from '#test/support/control-under-test';
import { everyRevision } from '#test/support/every-revision';
import { PROVIDER_AWAY } from '#test/support/sign-on-page';
import { ProjectorOnDemand } from '#test/support/project';

const projections = [
  ...identityProjections(),
  ...catalogProjections(),
  ...releaseControlProjections(),
  ...fleetProjections(),
];
const DEFAULT = { approvals: 1, roles: { approver: 1 }, order: 'any' };
const EMERGENCY = { onCall: ['olga'], snaps: ['lab-tool'], ratifyWithinHours: 12 };
const WINDOW = { notAfter: '2026-12-01T00:00:00.000Z' };
const TOOL_11 = { snap: 'lab-tool', channel: 'stable', revision: 11 };

let control: ControlUnderTest;
let client: pg.Client;
let projector: ProjectorOnDemand;
let admin: string;
const sessions = new Map<string, string>();

beforeAll(async () => {
  control = await ControlUnderTest.start({ signOn: PROVIDER_AWAY });
  admin = await control.admin();
  for (const [login, ...roles] of [
    ['ana', 'author', 'operator'],
    ['olga', 'author', 'approver'],
    ['dan', 'author', 'approver'],
    ['ben', 'approver'],
    ['cyd', 'qa'],
  ] as const) {
    await control.enrol(admin, login, roles);
    sessions.set(login, await control.signIn(login));
  }
  client = new pg.Client({ connectionString: control.database.url('projector') });
  await client.connect();
  projector = await ProjectorOnDemand.start(client, control.adapters.store, projections);
  await projector.catchUp();
});
afterAll(async () => {
  await client.end();
  await control.stop();
});

const tokenOf = (login: string) => ({ token: sessions.get(login) ?? '' });

/** What the worker and the projector do with what has happened; upstream has every revision of each snap. */
async function catchUp(...ids: readonly string[]): Promise<void> {
  const { streams: writer, clock } = control.adapters;
  const reactors = [
    captureReactor({ writer, clock, capture: everyRevision }),
    applyReactor({ writer, clock }),
    refusedRatificationReactor({ writer, clock, onHalted: () => undefined }),
  ];
  for (const id of ids)
    for (const reactor of reactors)
      for (const envelope of await control.history(changeRequestStream(id)))
        await reactor.handle({ envelope });
  await projector.catchUp();
}

const draft = (login: string, items: readonly object[], more: object = {}): Promise<Answer> =>
  control.ask('POST', '/v1/change-requests', {
    ...tokenOf(login),
    body: { items, reason: REASON, ...more },
  });

async function captured(login: string, items: readonly object[], more: object = {}): Promise<string> {
  const asked = await draft(login, items, more);
  expect(asked).toMatchObject({ status: 202 });
  const id = String(asked.json['id']);
  await catchUp(id);
  return id;
}

const show = async (id: string): Promise<Answer['json']> =>
  (await control.ask('GET', `/v1/change-requests/${id}`, tokenOf('ben'))).json;

async function sign(login: string, id: string, decision: string): Promise<Answer> {
  const shown = await show(id);
  const { releaseDigest } = (shown['emergency'] ?? {}) as { readonly releaseDigest?: string };
  const recordDigest = releaseDigest ?? shown['recordDigest'];
  const answer = await control.ask('POST', `/v1/change-requests/${id}/${decision}`, {
    ...tokenOf(login),
    body: { recordDigest, password: PASSWORD, reason: REASON },
  });
  await catchUp(id);
  return answer;
}

async function setRules(emergency: object | undefined): Promise<void> {
  const rules = { default: DEFAULT, ...(emergency ? { emergency } : {}) };
  const id = await captured('ana', [{ kind: 'approval-policy', rules }]);
  expect((await sign('ben', id, 'approve')).json).toMatchObject({ status: 'approved' });
}

const released = async (revision: number): Promise<string> => {
  const id = await captured('olga', [{ ...TOOL_11, revision }], { emergency: true, ...WINDOW });
  expect((await sign('olga', id, 'release')).json).toMatchObject({ id, status: 'released' });
  return id;
};

/** What a worker does that was just started: it knows nothing but the history. */
const look = () =>
  haltUnratified({ writer: new StreamWriter(control.adapters.store, 'Etc/UTC'), clock: control.clock });

const halts = async () =>
  (await control.history(releasePolicyStream('default'))).filter(({ type }) => type === 'RingHalted');

const resume = async (): Promise<void> => {
  const id = await captured('ana', [{ kind: 'resume-ring' }]);
  expect((await sign('ben', id, 'approve')).json).toMatchObject({ status: 'approved' });
};

it('R26: an emergency needs no single sign-on: all of this is done while the identity provider is away', async () => {
  const { json } = await control.ask('POST', '/v1/sessions/single-sign-on/requests', {
    body: { browser: 'A'.repeat(43) },
  });
  expect(json).toMatchObject({ status: 502, code: 'identity-provider-failed' });
  expect(String(json['detail'])).toContain('Sign in with the password');
});

describe('R26: an emergency, at a ring whose policy', () => {
  it('pre-authorises none: nothing is drafted, and nothing released', async () => {
    expect(await draft('olga', [TOOL_11], { emergency: true })).toMatchObject({
      status: 403,
      json: { code: 'not-pre-authorised' },
    });
    const id = await captured('olga', [TOOL_11]);
    expect(await sign('olga', id, 'release')).toMatchObject({
      status: 403,
      json: { code: 'not-pre-authorised' },
    });
    expect((await show(id))['status']).toBe('captured');
  });

  it('pre-authorises one: is shown with what the names of snaps meant', async () => {
    await setRules(EMERGENCY);
    const { json } = await control.ask('GET', '/v1/approval-policies/default', tokenOf('ben'));
    const onCall = [{ person: expect.any(String) as string, login: 'olga' }];
    const snaps = [{ format: 'snap', subject: 'id-of-lab-tool', name: 'lab-tool' }];
    expect(json).toMatchObject({ version: 1, rules: { emergency: { ...EMERGENCY, onCall, snaps } } });
  });

  it.each([
    ['nobody has', 'nora'],
    ['holds no role that signs', 'ana'],
  ])('would name a login that %s: is refused when it is captured', async (_what, login) => {
    const rules = { default: DEFAULT, emergency: { ...EMERGENCY, onCall: [login] } };
    const id = await captured('ana', [{ kind: 'approval-policy', rules }]);
    expect(await show(id)).toMatchObject({
      status: 'capture-refused',
      failures: [{ code: 'nobody-on-call' }],
    });
  });
});

describe('R22, R26, R27: a release', () => {
  it('takes one signature of who is on call, and has effect; it is no approval', async () => {
    const id = await released(11);
    expect(await show(id)).toMatchObject({
      status: 'effective',
      signature: { meaning: 'released', printedName: 'olga of the team' },
      signatures: [{ meaning: 'released', policyVersion: 1, roles: ['approver'], counts: true }],
      missing: ['to ratify it: 2 more signatures, 1 with the role approver'],
      emergency: { ratification: 'open', record: { ratifyBy: '2026-11-24T20:00:00.000Z', window: WINDOW } },
    });
    const types = (await control.history(releasePolicyStream('default'))).map(({ type }) => type);
    expect(types).toEqual(['ApprovalPolicySet', 'OverrideSet', 'EmergencyApplied']);
    const list = await control.ask('GET', '/v1/emergencies', tokenOf('ben'));
    expect(list.json).toMatchObject({
      emergencies: [{ id, ring: 'default', status: 'effective', ratification: 'open', halt: 'none' }],
    });
    const { releaseDigest } = (await show(id))['emergency'] as { readonly releaseDigest: string };
    const queue = async (login: string) =>
      (await control.ask('GET', '/v1/signing-queue', tokenOf(login))).json['requests'];
    expect(await queue('ben')).toContainEqual(
      expect.objectContaining({ id, kind: 'ratification', recordDigest: releaseDigest }),
    );
    expect(await queue('olga')).not.toContainEqual(expect.objectContaining({ id }));
  });

  it('is for nobody else, and not for a session without the password', async () => {
    expect(await draft('dan', [TOOL_11], { emergency: true })).toMatchObject({
      json: { code: 'not-on-call' },
    });
    const id = await captured('dan', [{ ...TOOL_11, revision: 12 }]);
    expect(await sign('dan', id, 'release')).toMatchObject({ status: 403, json: { code: 'not-on-call' } });
    const { recordDigest } = await show(id);
    const body = { recordDigest, password: 'not the password', reason: REASON };
    expect(
      await control.ask('POST', `/v1/change-requests/${id}/release`, { ...tokenOf('olga'), body }),
    ).toMatchObject({ status: 403, json: { code: 'wrong-password' } });
  });

  it('is of no other snap, and of nothing but overrides', async () => {
    const hello = { snap: 'lab-hello', channel: 'stable', revision: 3 };
    for (const items of [
      [hello],
      [{ kind: 'access', access: 'open' }],
      [TOOL_11, { kind: 'allow', snap: 'lab-tool' }],
    ]) {
      expect(await draft('olga', items, { emergency: true })).toMatchObject({
        status: 403,
        json: { code: 'not-pre-authorised' },
      });
    }
    const id = await captured('olga', [hello]);
    expect(await sign('olga', id, 'release')).toMatchObject({ json: { code: 'not-pre-authorised' } });
  });

  it('is refused to who was taken from the list, or lost the role, between the draft and the signature', async () => {
    const id = await captured('olga', [{ ...TOOL_11, revision: 13 }], { emergency: true });
    await control.ask('DELETE', '/v1/people/olga/roles/approver', { token: admin, body: { reason: REASON } });
    expect(await sign('olga', id, 'release')).toMatchObject({ json: { code: 'not-an-approver' } });
    await control.ask('POST', '/v1/people/olga/roles', {
      token: admin,
      body: { role: 'approver', reason: REASON },
    });
    await setRules({ ...EMERGENCY, onCall: ['dan'] });
    expect(await sign('olga', id, 'release')).toMatchObject({ json: { code: 'not-on-call' } });
    await setRules(EMERGENCY);
    expect(await show(id)).toMatchObject({ status: 'captured', signatures: [] });
  });
});

describe('rolling back', () => {
  const rollBack = (id: string) => control.ask('GET', `/v1/change-requests/${id}/roll-back`, tokenOf('olga'));

  it('shows old and new, and restores what was before: asked for, or released', async () => {
    const [first, second] = [await released(21), await released(22)];
    expect((await rollBack(first)).json).toMatchObject({ targets: [{ from: '21', movedOn: true }] });
    const { json } = await rollBack(second);
    expect(json).toMatchObject({
      id: second,
      ring: 'default',
      targets: [
        { name: 'lab-tool', from: '22', to: '21', inForce: '22', movedOn: false, epochs: { are: 'same' } },
      ],
      figures: [{ name: 'lab-tool', version: '22', offered: 0, downloaded: 0, installed: 0 }],
    });
    const item = { snap: 'lab-tool', channel: 'latest/stable', architecture: 'amd64', revision: 21 };
    const ifPolicy = json['policyDigest'];
    const back = await captured('olga', [item], { ifPolicy, emergency: true });
    expect((await sign('olga', back, 'release')).json).toMatchObject({ status: 'released' });
    expect((await rollBack(second)).json).toMatchObject({ targets: [{ inForce: '21', movedOn: true }] });
    expect(await draft('olga', [item], { ifPolicy })).toMatchObject({
      json: { code: 'expected-value-differs' },
    });
    for (const id of [first, second, back])
      for (const login of ['ben', 'cyd']) expect((await sign(login, id, 'ratify')).status).toBe(200);
  });
});

describe('R26, R27: a ratification', () => {
  it('takes two, none of them who released it', async () => {
    const id = await released(14);
    expect(await sign('olga', id, 'ratify')).toMatchObject({
      status: 403,
      json: { code: 'author-cannot-approve' },
    });
    expect(await sign('ana', id, 'ratify')).toMatchObject({ json: { code: 'not-an-approver' } });
    expect(await sign('ben', id, 'ratify')).toMatchObject({
      status: 200,
      json: { missing: ['1 more signature'] },
    });
    expect(await show(id)).toMatchObject({ missing: ['to ratify it: 1 more signature'] });
    expect(await sign('ben', id, 'ratify')).toMatchObject({ status: 409, json: { code: 'already-signed' } });
    expect(await sign('cyd', id, 'ratify')).toMatchObject({ status: 200, json: { missing: [] } });
    expect(await show(id)).toMatchObject({
      emergency: { ratification: 'ratified' },
      missing: [],
      signatures: [
        { meaning: 'released', counts: true },
        { meaning: 'ratified', printedName: 'ben of the team', counts: true },
        { meaning: 'ratified', printedName: 'cyd of the team', counts: true },
      ],
    });
  });

  it('is nobody’s who released what another wrote', async () => {
    const id = await captured('dan', [{ ...TOOL_11, revision: 15 }]);
    await sign('olga', id, 'release');
    expect(await sign('olga', id, 'ratify')).toMatchObject({ json: { code: 'releaser-cannot-ratify' } });
    expect(await sign('dan', id, 'ratify')).toMatchObject({ json: { code: 'author-cannot-approve' } });
    for (const login of ['ben', 'cyd']) expect((await sign(login, id, 'ratify')).status).toBe(200);
  });

  it('takes the record as it was released: the digest of the request alone is refused', async () => {
    const id = await released(16);
    const { recordDigest } = await show(id);
    const body = { recordDigest, password: PASSWORD, reason: REASON };
    expect(
      await control.ask('POST', `/v1/change-requests/${id}/ratify`, { ...tokenOf('ben'), body }),
    ).toMatchObject({ status: 409, json: { code: 'record-changed' } });
    for (const login of ['ben', 'cyd']) expect((await sign(login, id, 'ratify')).status).toBe(200);
  });

  it('that is refused halts the ring at once, and once', async () => {
    const id = await released(17);
    expect((await sign('cyd', id, 'refuse-ratification')).status).toBe(200);
    await catchUp(id);
    await look();
    expect(await halts()).toMatchObject([
      {
        actor: { kind: 'service', id: 'worker', for: `change-request/${id}` },
        data: { unratified: id },
        reason: {
          code: 'not-ratified',
          text: expect.stringContaining('was refused ratification by cyd') as string,
        },
      },
    ]);
    expect(await look()).toMatchObject({ halted: [], haltsInForce: 1 });
    await resume();
    expect(await look()).toMatchObject({ halted: [], haltsInForce: 0 });
  });

  it('that does not come in time halts it once, also when nobody looked at the deadline, and comes late without resuming', async () => {
    const before = (await halts()).length;
    const { emergencies } = (await control.ask('GET', '/v1/emergencies', tokenOf('ben'))).json as {
      emergencies: { id: string; ratification: string }[];
    };
    const open = emergencies.filter(({ ratification }) => ratification === 'open');
    for (const { id } of open)
      for (const login of ['ben', 'cyd']) expect((await sign(login, id, 'ratify')).status).toBe(200);
    const id = await released(18);
    control.clock.set('2026-11-24T20:00:00.000Z');
    expect(await look()).toMatchObject({ halted: [], open: 1, haltsInForce: 0 });
    control.clock.set('2026-11-25T07:00:00.000Z');
    for (const login of ['ana', 'ben', 'cyd', 'olga']) sessions.set(login, await control.signIn(login));
    expect(await look()).toMatchObject({ halted: [{ ring: 'default', changeRequest: id }], haltsInForce: 1 });
    expect(await look()).toMatchObject({ halted: [], open: 1, haltsInForce: 1 });
    expect(await halts()).toHaveLength(before + 1);
    for (const login of ['ben', 'cyd']) expect((await sign(login, id, 'ratify')).status).toBe(200);
    expect(await show(id)).toMatchObject({ emergency: { ratification: 'ratified' } });
    expect(await look()).toMatchObject({ open: 0, haltsInForce: 1 });
    await resume();
    expect(await look()).toMatchObject({ halted: [], open: 0, haltsInForce: 0 });
  });
});

describe('R26: a release that had not taken effect', () => {
  const decide = (login: string, id: string, decision: string, recordDigest: unknown): Promise<Answer> =>
    control.ask('POST', `/v1/change-requests/${id}/${decision}`, {
      ...tokenOf(login),
      body: { recordDigest, password: PASSWORD, reason: REASON },
    });
  /** The worker is away: the projector alone goes on. */
  const unanswered = async (revision: number): Promise<string> => {
    const id = await captured('olga', [{ ...TOOL_11, revision }], { emergency: true });
    expect((await decide('olga', id, 'release', (await show(id))['recordDigest'])).status).toBe(200);
    await catchUp();
    return id;
  };

  it('and was refused ratification, never does', async () => {
    const id = await unanswered(19);
    const { releaseDigest } = (await show(id))['emergency'] as { releaseDigest: string };
    expect((await decide('cyd', id, 'refuse-ratification', releaseDigest)).status).toBe(200);
    await catchUp(id);
    expect(await show(id)).toMatchObject({ status: 'stale', emergency: { ratification: 'refused' } });
    expect(await look()).toMatchObject({ halted: [] });
  });

  it('by the time when it was to be ratified, never does', async () => {
    const id = await unanswered(24);
    control.clock.set('2026-11-26T07:00:00.000Z');
    sessions.set('ben', await control.signIn('ben'));
    await catchUp(id);
    expect(await show(id)).toMatchObject({
      status: 'stale',
      emergency: { ratification: 'open' },
      missing: [],
    });
    expect(await look()).toMatchObject({ halted: [], open: 0 });
    const { json } = await control.ask('GET', '/v1/emergencies', tokenOf('ben'));
    expect(json['emergencies']).toContainEqual(expect.objectContaining({ id, status: 'stale' }));
  });
});
