import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlUnderTest, PASSWORD, REASON, type Answer } from '#test/support/control-under-test';
import { Stage } from './testing/stage.js';

/** Ann is ana, with a second account, which nobody knows at first. */

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.set(await ControlUnderTest.start());
  await stage.enrol('ann', ['approver', 'qa']);
  await stage.commissioned();
});
afterAll(() => stage?.end());

const outcome = ({ status, json }: Answer) => json['code'] ?? status;
const ask = (method: 'POST' | 'DELETE', login: string, url: string, body: object) =>
  stage.control.ask(method, url, { token: stage.token(login), body });
const own = { password: PASSWORD, reason: REASON };
const approve = (login: string, { id, recordDigest }: { id: string; recordDigest: string }) =>
  ask('POST', login, `/v1/change-requests/${id}/approve`, { ...own, recordDigest });
const shown = async (id: string) => {
  await stage.projector.catchUp();
  const { json } = await stage.control.ask('GET', `/v1/change-requests/${id}`, { token: stage.token('ben') });
  return json;
};
const PAIR = '/v1/people/ana/same-person/ann';

describe('R27: two accounts of one person', () => {
  it('count as one once two people have said so: also of what was approved, and is not in force yet', async () => {
    const [approved, open] = [await stage.captured(), await stage.captured()];
    expect(outcome(await approve('ann', approved))).toBe(200);

    expect(outcome(await ask('POST', 'ben', PAIR, { reason: REASON }))).toBe('not-an-admin');
    expect(outcome(await ask('POST', 'eve', `${PAIR}/confirm`, own))).toBe('same-person-not-requested');
    const asked = await ask('POST', 'admin', PAIR, { reason: REASON });
    expect(asked.json['inForce']).toBe(false);
    expect(outcome(await ask('POST', 'admin', `${PAIR}/confirm`, own))).toBe('second-person-required');
    expect(outcome(await ask('POST', 'ann', `${PAIR}/confirm`, own))).toBe('own-rights');
    const wrong = { ...own, password: 'not the password' };
    expect(outcome(await ask('POST', 'eve', `${PAIR}/confirm`, wrong))).toBe('wrong-password');
    expect(outcome(await ask('POST', 'eve', '/v1/people/ann/same-person/ana/confirm', own))).toBe(200);

    expect(outcome(await approve('ann', open))).toBe('author-cannot-approve');
    const queue = await stage.control.ask('GET', '/v1/signing-queue', { token: stage.token('ann') });
    expect(queue.json['requests']).toEqual([]);
    await stage.settle(approved.id);
    expect(await shown(approved.id)).toMatchObject({
      status: 'in-review',
      missing: ['1 more signature, 1 with the role approver'],
    });
    expect(outcome(await approve('ben', approved))).toBe(200);
    await stage.settle(approved.id);
    expect(await shown(approved.id)).toMatchObject({ status: 'effective' });
    const verify = `/v1/change-requests/${approved.id}/verify`;
    const looked = { passed: true, lookedAt: 'devices 1 to 3, per TP-88', reason: REASON };
    expect(outcome(await ask('POST', 'ann', verify, looked))).toBe('author-cannot-verify');
  });

  it('are on record as one, and count as two again once two people take it back', async () => {
    const list = async () =>
      (await stage.control.ask('GET', '/v1/same-persons', { token: stage.token('ben') })).text;
    expect(JSON.parse(await list())).toMatchObject([{ accounts: ['ana', 'ann'], status: 'declared' }]);
    expect(outcome(await ask('POST', 'admin', PAIR, { reason: REASON }))).toBe('same-person-already');
    expect(outcome(await ask('DELETE', 'eve', PAIR, { reason: REASON }))).toBe(200);
    expect(JSON.parse(await list())).toMatchObject([
      { status: 'declared' },
      { status: 'revocation-asked', requestedBy: 'eve of the team' },
    ]);
    expect(outcome(await ask('POST', 'eve', `${PAIR}/confirm-revocation`, own))).toBe(
      'second-person-required',
    );
    expect(outcome(await ask('POST', 'cyd', `${PAIR}/confirm-revocation`, own))).toBe(200);
    expect(JSON.parse(await list())).toMatchObject([{ accounts: ['ana', 'ann'], status: 'revoked' }]);
    expect(outcome(await approve('ann', await stage.captured()))).toBe(200);
  });

  it('are one admin, where two are the fewest that stay', async () => {
    const disable = await ask('POST', 'admin', '/v1/people/eve/disable', { reason: REASON });
    expect(outcome(disable)).toBe('too-few-admins');
  });
});
