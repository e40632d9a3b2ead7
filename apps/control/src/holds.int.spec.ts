import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StreamWriter } from '#platform/decide-and-append';
import { StoppedClock } from '#kernel';
import { holdsStream } from '#release-control/domain/holds/holds';
import { lookAtHolds } from '#release-control/holds/look-at-holds';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import { Stage } from './testing/stage.js';

let stage: Stage;
let snap: string;
beforeAll(async () => {
  stage = await Stage.set(await ControlUnderTest.start());
  snap = await stage.held();
  await stage.projector.catchUp();
});
afterAll(() => stage.end());

const risk = 'what it fixes is not in use here';
const set = (login: string, body: object) =>
  stage.control.ask('POST', '/v1/holds', {
    token: stage.token(login),
    body: { ring: 'default', snap, owner: 'ana', risk, expiresAt: '2027-01-01', reason: REASON, ...body },
  });
const listed = async () =>
  (await stage.control.ask('GET', '/v1/holds', { token: stage.token('ana') })).json['holds'];

describe('what is held back', () => {
  it('is listed with its reason and age, and without terms at first', async () => {
    expect(await listed()).toEqual([
      {
        ring: 'default',
        name: snap,
        channel: 'latest/stable',
        architecture: 'amd64',
        version: '1',
        since: { at: expect.any(String) as string, changeRequest: expect.stringMatching(/^CR-/) as string },
        reason: REASON,
        newer: null,
        expiry: null,
        terms: null,
        review: null,
        evaluation: null,
      },
    ]);
  });

  it('gets an owner, an accepted risk and an end from somebody who signs', async () => {
    expect((await set('cyd', {})).status).toBe(200);
    expect(await listed()).toMatchObject([
      { terms: { owner: 'ana', risk, expiresAt: '2027-01-01T00:00:00.000Z', expired: false } },
    ]);
    const leaving = (login: string) =>
      stage.control.ask('GET', `/v1/people/${login}/leaving`, { token: stage.token('admin') });
    expect((await leaving('ana')).json).toMatchObject({
      holds: [{ ring: 'default', name: snap, channel: 'latest/stable' }],
    });
    expect((await leaving('cyd')).json).toMatchObject({ holds: [] });
    const cases = [
      ['olga', {}, 'hold-terms-need-a-signer'],
      ['cyd', { owner: 'nobody' }, 'wrong-hold-terms'],
      ['cyd', { expiresAt: '2026-01-01' }, 'wrong-hold-terms'],
      ['cyd', { expiresAt: 'soon' }, 'invalid-request'],
      ['cyd', { expiresAt: '2027-W12-3' }, 'invalid-request'],
      ['cyd', { expiresAt: '2027-02-30' }, 'invalid-request'],
      ['cyd', { expiresAt: '2027-03-31T18:00:00' }, 'invalid-request'],
      ['cyd', { snap: 'not-held' }, 'no-such-hold'],
      ['cyd', { ring: 'gone' }, 'no-such-ring'],
    ] as const;
    for (const [login, body, code] of cases) expect((await set(login, body)).json).toMatchObject({ code });
  });

  it('is reminded of and is over once each, whoever looks and however often', async () => {
    const { store } = stage.control.adapters;
    const looks = [
      ['2026-12-15T00:00:00.000Z', ['HoldReminded'], 0],
      ['2026-12-15T00:05:00.000Z', [], 0],
      ['2027-01-01T00:00:00.000Z', ['HoldExpired'], 1],
      ['2027-01-01T00:05:00.000Z', [], 1],
    ] as const;
    for (const [at, types, expired] of looks) {
      // A worker that was started anew.
      const seen = await lookAtHolds({
        writer: new StreamWriter(store, 'Etc/UTC'),
        store,
        clock: new StoppedClock(at),
      });
      expect([seen.events.map(({ type }) => type), seen.expired]).toEqual([types, expired]);
    }
    expect(await listed()).toMatchObject([{ version: '1', terms: { expired: true } }]);
    expect((await stage.control.history(holdsStream('default'))).map(({ type }) => type)).toEqual([
      'HoldTermsSet',
      'HoldReminded',
      'HoldExpired',
    ]);
  });
});

describe('R38: a hold without an end', () => {
  const ONE = { approvals: 1, roles: { approver: 1 }, order: 'any' };
  const TWO = { approvals: 2, roles: { approver: 1, qa: 1 }, order: 'any' };

  async function asked(item: object): Promise<string> {
    const { json } = await stage.post('ana', '/v1/change-requests', { items: [item], reason: REASON });
    await stage.settle(String(json['id']));
    return String(json['id']);
  }
  const show = async (id: string) =>
    (await stage.control.ask('GET', `/v1/change-requests/${id}`, { token: stage.token('ana') })).json;
  async function sign(login: string, id: string): Promise<void> {
    const { recordDigest } = await show(id);
    const body = { recordDigest, password: PASSWORD, reason: REASON };
    await stage.post(login, `/v1/change-requests/${id}/approve`, body);
    await stage.settle(id);
  }

  it('needs a second signature where the policy asks for it, and one with an end does not', async () => {
    const kinds = { 'hold-without-expiry': TWO, 'approval-policy': TWO };
    await sign('ben', await asked({ kind: 'approval-policy', rules: { default: ONE, kinds } }));
    const tool = { snap: 'lab-endless', channel: 'stable', revision: 3 };
    const endless = await asked(tool);
    expect(await show(endless)).toMatchObject({ status: 'captured' });
    await sign('ben', endless);
    expect(await show(endless)).toMatchObject({
      status: 'in-review',
      missing: ['1 more signature, 1 with the role qa (for hold-without-expiry)'],
    });
    await sign('cyd', endless);
    expect(await show(endless)).toMatchObject({ status: 'effective' });

    const expiry = { at: '2027-03-31T18:00:00+02:00', action: 'release' };
    const ending = await asked({ ...tool, expiry });
    const end = { at: '2027-03-31T16:00:00.000Z', action: 'release' };
    expect(await show(ending)).toMatchObject({
      record: {
        items: [{ expiry: end }],
        changes: [{ old: { version: '3' }, new: { version: '3', expiry: end } }],
      },
    });
    await sign('ben', ending);
    expect(await show(ending)).toMatchObject({ status: 'effective' });
    const holds = (await listed()) as readonly { readonly name: string }[];
    expect(holds.find(({ name }) => name === 'lab-endless')).toMatchObject({
      expiry: { ...end, expired: false },
    });
  });

  it.each([
    ['that is over', { at: '2026-01-01T00:00:00Z', action: 'keep' }, 'invalid-items'],
    ['in nobody’s zone', { at: '2027-03-31T18:00:00', action: 'keep' }, 'invalid-request'],
    ['of which nothing is said', { at: '2027-03-31T18:00:00Z' }, 'invalid-request'],
    ['that is no end', 'soon', 'invalid-request'],
  ])('is no hold with an end %s', async (_what, expiry, code) => {
    const items = [{ snap: 'lab-endless', channel: 'stable', revision: 4, expiry }];
    const asking = { token: stage.token('ana'), body: { items, reason: REASON } };
    expect((await stage.control.ask('POST', '/v1/change-requests', asking)).json).toMatchObject({ code });
  });
});
