import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogProjections } from '#catalog/projections';
import { identityProjections } from '#identity/projections';
import type { PositionedEvent } from '#platform/projection';
import { decodeEvent } from '#kernel';
import { changeRequestStream } from '#release-control/domain/change-request/change-request';
import { releaseControlProjections } from '#release-control/projections';
import { applyReactor } from '#release-control/reactors/apply-approved-change/reactor';
import { captureReactor } from '#release-control/reactors/capture-submitted-change/reactor';
import { ControlUnderTest, PASSWORD, REASON, type Answer } from '#test/support/control-under-test';
import { emptyReadModels, projectInto } from '#test/support/read-models';

const projections = [...identityProjections(), ...catalogProjections(), ...releaseControlProjections()];
const RULES = {
  default: { approvals: 2, roles: { qa: 1 }, order: ['approver', 'qa'] },
  kinds: { 'publisher-changes': { approvals: 1, roles: {}, order: 'any' } },
};
const GATE = { kind: 'access', access: 'gated' };

let control: ControlUnderTest;
let projector: pg.Client;
let admin: string;
/** The position of the first event that is not in the read models. */
let next = 0n;
const sessions = new Map<string, string>();
const ids = new Map<string, string>();

beforeAll(async () => {
  control = await ControlUnderTest.start();
  admin = await control.admin();
  for (const [login, ...roles] of [
    ['ana', 'author', 'approver', 'qa'],
    ['ben', 'approver'],
    ['bea', 'approver'],
    ['cyd', 'qa'],
    ['dan', 'qa'],
  ] as const) {
    ids.set(login, await control.enrol(admin, login, roles));
    sessions.set(login, await control.signIn(login));
  }
  projector = new pg.Client({ connectionString: control.database.url('projector') });
  await projector.connect();
  await emptyReadModels(projector, projections);
  await project();
});
afterAll(async () => {
  await projector.end();
  await control.stop();
});

const tokenOf = (login: string) => ({ token: sessions.get(login) ?? '' });

/** What the worker and the projector do with what has happened. These items need nothing of upstream. */
async function catchUp(id: string): Promise<void> {
  const { streams: writer, clock } = control.adapters;
  const none = () => Promise.reject(new Error('nothing of upstream is asked for here'));
  const capture = { capture: none, compare: none, mayMean: () => false, identify: none };
  for (const reactor of [captureReactor({ writer, clock, capture }), applyReactor({ writer, clock })])
    for (const envelope of await control.history(changeRequestStream(id))) await reactor.handle({ envelope });
  await project();
}

async function project(): Promise<void> {
  const events: PositionedEvent[] = [];
  for await (const append of control.adapters.store.readAll(null))
    for (const { bytes } of append.events)
      events.push({ position: BigInt(events.length), bytes, envelope: decodeEvent(bytes) });
  await projectInto(projector, projections, events.slice(Number(next)));
  next = BigInt(events.length);
}

async function submit(...items: object[]): Promise<string> {
  const asked = await control.ask('POST', '/v1/change-requests', {
    ...tokenOf('ana'),
    body: { items, reason: REASON },
  });
  expect(asked.status).toBe(202);
  const id = String(asked.json['id']);
  await catchUp(id);
  return id;
}

async function show(id: string): Promise<Answer['json']> {
  return (await control.ask('GET', `/v1/change-requests/${id}`, tokenOf('ben'))).json;
}

async function sign(id: string, login: string, decision = 'approve'): Promise<Answer> {
  const { recordDigest } = await show(id);
  const answer = await control.ask('POST', `/v1/change-requests/${id}/${decision}`, {
    ...tokenOf(login),
    body: { recordDigest, password: PASSWORD, reason: REASON },
  });
  await catchUp(id);
  return answer;
}

const isSigned = ({ type }: { readonly type: string }) => type === 'ApprovalSigned';

const approvalPolicy = async () =>
  (await control.ask('GET', '/v1/approval-policies/default', tokenOf('ben'))).json;

describe('R26: a ring’s approval policy', () => {
  it('is one approver at first, and no QA alone', async () => {
    expect(await approvalPolicy()).toEqual({
      ring: 'default',
      version: 0,
      changeRequest: null,
      rules: { default: { approvals: 1, roles: { approver: 1 }, order: 'any' }, kinds: {} },
      frozen: null,
    });
    const id = await submit({ kind: 'publisher-changes', publisherChanges: 'block' });
    expect(await sign(id, 'cyd')).toMatchObject({ status: 409, json: { code: 'signature-not-needed' } });
    expect((await sign(id, 'ben')).json).toMatchObject({ status: 'approved' });
    expect(await show(id)).toMatchObject({
      status: 'effective',
      signatures: [{ printedName: 'ben of the team', policyVersion: 0, roles: ['approver'], counts: true }],
    });
  });

  it.each<[string, object, string]>([
    ['no rules', {}, '/items/0/rules'],
    ['no default', { rules: { kinds: {} } }, '/items/0/rules/default'],
    ['a default that is a list', { rules: { default: [] } }, '/items/0/rules/default'],
    ['six approvals', { rules: { default: { approvals: 6 } } }, '/items/0/rules/default/approvals'],
    [
      'a role that does not sign',
      { rules: { default: { approvals: 1, roles: { admin: 1 } } } },
      '/items/0/rules/default/roles/admin',
    ],
    [
      'an order of none',
      { rules: { default: { approvals: 1, order: ['admin'] } } },
      '/items/0/rules/default/order',
    ],
    [
      'a kind that is none',
      { rules: { default: { approvals: 1 }, kinds: { everything: { approvals: 1 } } } },
      '/items/0/rules/kinds/everything',
    ],
  ])('is refused with %s', async (_what, item, pointer) => {
    const body = { items: [{ kind: 'approval-policy', ...item }], reason: REASON };
    const answer = await control.ask('POST', '/v1/change-requests', { ...tokenOf('ana'), body });
    expect(answer).toMatchObject({ status: 400, json: { code: 'invalid-request' } });
    const errors = answer.json['errors'] as readonly { readonly pointer: string }[];
    expect(errors.map((error) => error.pointer)).toContain(pointer);
  });

  it('is refused when one person could change it, and two are asked for elsewhere', async () => {
    const rules = { default: { approvals: 1 }, kinds: { override: { approvals: 2 } } };
    const body = { items: [{ kind: 'approval-policy', rules }], reason: REASON };
    const answer = await control.ask('POST', '/v1/change-requests', { ...tokenOf('ana'), body });
    expect(answer).toMatchObject({ status: 400, json: { code: 'invalid-items' } });
  });

  it('is refused when nobody could meet it, with what would be missing', async () => {
    const rules = { default: { approvals: 4, roles: { qa: 3 } } };
    const body = { items: [{ kind: 'approval-policy', rules }], reason: REASON };
    const answer = await control.ask('POST', '/v1/change-requests', { ...tokenOf('ana'), body });
    expect(answer).toMatchObject({ status: 409, json: { code: 'rules-out-of-reach' } });
    expect(answer.json['detail']).toContain('1 more signature, 1 with the role qa');
    const id = await submit({ kind: 'approval-policy', rules: { default: { approvals: 4 } } });
    const revised = await control.ask('POST', `/v1/change-requests/${id}/revise`, {
      ...tokenOf('ana'),
      body,
    });
    expect(revised).toMatchObject({ status: 409, json: { code: 'rules-out-of-reach' } });
    expect(await show(id)).toMatchObject({ status: 'captured', revision: 1 });
  });

  it('is changed under the policy before, and becomes stale when that changed meanwhile', async () => {
    const first = await submit({ kind: 'approval-policy', rules: RULES });
    const other = await submit({ kind: 'approval-policy', rules: { default: { approvals: 1 } } });
    expect(await show(first)).toMatchObject({ missing: ['1 more signature, 1 with the role approver'] });
    expect((await sign(first, 'ben')).json).toMatchObject({ status: 'approved' });
    expect(await approvalPolicy()).toEqual({
      ring: 'default',
      version: 1,
      changeRequest: first,
      rules: RULES,
      frozen: null,
    });
    // What was asked for against version 0 needs what version 1 asks for, and is stale all the same.
    expect((await sign(other, 'ben')).json).toMatchObject({ status: 'in-review' });
    expect((await sign(other, 'cyd')).json).toMatchObject({ status: 'approved' });
    expect(await show(other)).toMatchObject({
      status: 'stale',
      mismatches: [{ kind: 'approval-policy', found: RULES }],
    });
  });

  it('takes two persons to change once it asks for two', async () => {
    const id = await submit({ kind: 'approval-policy', rules: { default: { approvals: 1 } } });
    expect((await sign(id, 'ben')).json).toMatchObject({ status: 'in-review' });
    expect((await sign(id, 'bea')).json).toMatchObject({ code: 'signature-not-needed' });
    expect((await approvalPolicy())['version']).toBe(1);
    expect((await sign(id, 'bea', 'reject')).json).toMatchObject({ status: 'rejected' });
    expect((await sign(id, 'cyd')).json).toMatchObject({ code: 'not-allowed-in-status' });
    expect(await show(id)).toMatchObject({
      status: 'rejected',
      signatures: [
        { meaning: 'approved', printedName: 'ben of the team', policyVersion: 1 },
        { meaning: 'rejected', printedName: 'bea of the team', policyVersion: 1 },
      ],
    });
  });
});

describe('R17, R26, R27: several signatures', () => {
  it('come in order, by different persons, none of them the author, each with name, time and meaning', async () => {
    const id = await submit(GATE);
    expect((await sign(id, 'ana')).json).toMatchObject({ status: 403, code: 'author-cannot-approve' });
    expect((await sign(id, 'cyd')).json).toMatchObject({
      status: 409,
      code: 'signature-not-needed',
      detail: expect.stringContaining(
        'the next signature with the role approver, then one with the role qa',
      ) as string,
    });
    expect((await sign(id, 'ben')).json).toMatchObject({ status: 'in-review' });
    expect((await sign(id, 'ben')).json).toMatchObject({ status: 409, code: 'already-signed' });
    expect(await show(id)).toMatchObject({
      status: 'in-review',
      signature: null,
      missing: ['the next signature with the role qa'],
    });
    const listed = await control.ask('GET', '/v1/change-requests?status=in-review', tokenOf('ben'));
    expect(listed.json['changeRequests']).toMatchObject([{ id, reason: REASON }]);
    expect((await sign(id, 'cyd')).json).toMatchObject({ status: 'approved' });
    const shown = await show(id);
    expect(shown).toMatchObject({ status: 'effective', missing: [] });
    expect(shown['signatures']).toMatchObject([
      {
        printedName: 'ben of the team',
        signedAt: '2026-11-24T08:00:00.000Z',
        meaning: 'approved',
        roles: ['approver'],
        policyVersion: 1,
        counts: true,
      },
      { printedName: 'cyd of the team', meaning: 'approved', roles: ['qa'], policyVersion: 1, counts: true },
    ]);
    const events = await control.history(changeRequestStream(id));
    expect(events.map(({ type }) => type).slice(-4)).toEqual([
      'ApprovalSigned',
      'ChangeApproved',
      'ChangeStarted',
      'ChangeApplied',
    ]);
    expect(events.at(-4)).toMatchObject({
      actor: { kind: 'person', auth: 'password' },
      data: {
        policyVersion: 1,
        roles: ['approver'],
        missing: ['the next signature with the role qa'],
        notCounted: [],
      },
    });
  });

  it('of somebody who lost the role since stand in the record, and do not count', async () => {
    const id = await submit({ ...GATE, access: 'open' });
    expect((await sign(id, 'bea')).json).toMatchObject({ status: 'in-review' });
    const revoked = await control.ask('DELETE', '/v1/people/bea/roles/approver', {
      token: admin,
      body: { reason: REASON },
    });
    expect(revoked.status).toBe(200);
    expect(await show(id)).toMatchObject({
      missing: ['the next signature with the role approver, then one with the role qa'],
      signatures: [{ printedName: 'bea of the team', counts: false }],
    });
    expect((await sign(id, 'dan')).json).toMatchObject({ code: 'signature-not-needed' });
    expect((await sign(id, 'ben')).json).toMatchObject({ status: 'in-review' });
    expect((await sign(id, 'dan')).json).toMatchObject({ status: 'approved' });
    expect(await show(id)).toMatchObject({
      status: 'effective',
      signatures: [
        { printedName: 'bea of the team', counts: false },
        { printedName: 'ben of the team', counts: true },
        { printedName: 'dan of the team', counts: true },
      ],
    });
    expect((await control.history(changeRequestStream(id))).at(-3)).toMatchObject({
      type: 'ChangeApproved',
      data: { notCounted: [ids.get('bea')] },
    });
  });

  it('that are made at the same time are all counted', async () => {
    const rules = { default: { approvals: 3 } };
    const policy = await submit({ kind: 'approval-policy', rules });
    await sign(policy, 'ben');
    expect((await sign(policy, 'cyd')).json).toMatchObject({ status: 'approved' });
    const id = await submit(GATE);
    const { recordDigest } = await show(id);
    const answers = await Promise.all(
      ['ben', 'cyd', 'dan'].map((login) =>
        control.ask('POST', `/v1/change-requests/${id}/approve`, {
          ...tokenOf(login),
          body: { recordDigest, password: PASSWORD, reason: REASON },
        }),
      ),
    );
    expect(answers.filter(({ json }) => json['status'] === 'in-review')).toHaveLength(2);
    expect(answers.filter(({ json }) => json['status'] === 'approved')).toHaveLength(1);
    await catchUp(id);
    expect(await show(id)).toMatchObject({ status: 'effective' });
  });

  it('R24: of somebody who was reset since do not count, and may be made again', async () => {
    const id = await submit({ ...GATE, access: 'open' });
    expect((await sign(id, 'ben')).json).toMatchObject({ status: 'in-review' });
    const asked = await control.ask('POST', '/v1/people/ben/reset', {
      token: admin,
      body: { reason: REASON },
    });
    const confirmed = await control.ask('POST', '/v1/people/ben/reset/confirm', {
      ...tokenOf('cyd'),
      body: { password: PASSWORD, reason: REASON },
    });
    const secret = `${String(asked.json['firstPart'])}${String(confirmed.json['secondPart'])}`;
    const body = { login: 'ben', secret, password: PASSWORD };
    expect((await control.ask('POST', '/v1/passwords', { body })).status).toBe(204);
    sessions.set('ben', await control.signIn('ben'));
    expect(await show(id)).toMatchObject({
      missing: ['3 more signatures'],
      signatures: [{ printedName: 'ben of the team', counts: false }],
    });
    expect((await sign(id, 'cyd')).json).toMatchObject({ status: 'in-review' });
    expect((await sign(id, 'ben')).json).toMatchObject({ status: 'in-review' });
    expect((await sign(id, 'ben')).json).toMatchObject({ code: 'already-signed' });
    expect(await show(id)).toMatchObject({
      missing: ['1 more signature'],
      signatures: [
        { printedName: 'ben of the team', counts: false },
        { printedName: 'cyd of the team', counts: true },
        { printedName: 'ben of the team', counts: true, resets: 1 },
      ],
    });
    expect((await sign(id, 'dan')).json).toMatchObject({ status: 'approved' });
    expect((await control.history(changeRequestStream(id))).filter(isSigned)).toMatchObject([
      { data: { notCounted: [] } },
      { data: { notCounted: [ids.get('ben')] } },
      { data: { notCounted: [] } },
    ]);
  });

  it('are taken back with the request by its author', async () => {
    const id = await submit(GATE);
    await sign(id, 'ben');
    const answer = await control.ask('POST', `/v1/change-requests/${id}/withdraw`, {
      ...tokenOf('ana'),
      body: { reason: REASON },
    });
    expect(answer.json).toMatchObject({ status: 'withdrawn' });
    await catchUp(id);
    expect(await show(id)).toMatchObject({
      status: 'withdrawn',
      missing: [],
      signatures: [{ printedName: 'ben of the team' }],
    });
  });
});
