import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { changeRequestStream } from '#release-control/domain/change-request/change-request';
import { ChangeDesk } from '#test/support/change-desk';
import { PASSWORD, REASON } from '#test/support/control-under-test';

const RULES = { default: { approvals: 1, roles: { approver: 1 } }, verifiedByOthers: true };
const LOOKED_AT = { passed: true, lookedAt: 'devices 1 and 2, per TP-88' };

let desk: ChangeDesk;
beforeAll(async () => {
  desk = await ChangeDesk.open({
    ana: ['author'],
    ben: ['approver', 'operator', 'qa'],
    olga: ['operator'],
  });
});
afterAll(() => desk?.close());

const verify = async (login: string, id: string) => {
  const { status, json } = await desk.act(login, id, 'verify', LOOKED_AT);
  return json['code'] ?? status;
};
async function inForce(revision: number): Promise<string> {
  const id = await desk.submit('ana', { items: [{ snap: 'lab-hello', channel: 'stable', revision }] });
  await desk.sign('ben', id);
  expect(await desk.show(id)).toMatchObject({ status: 'effective' });
  return id;
}

it('R26, R27: a ring has others verify than those who signed, once its policy says so', async () => {
  const before = await inForce(1);
  const policy = await desk.submit('ana', { items: [{ kind: 'approval-policy', rules: RULES }] });
  // By the policy of now: this one is in force when it is verified.
  await desk.sign('ben', policy);
  const { json } = await desk.get('olga', '/v1/approval-policies/default');
  expect(json).toMatchObject({ version: 1, rules: { verifiedByOthers: true } });
  expect(await verify('ben', before)).toBe('signer-cannot-verify');
  expect(await verify('olga', before)).toBeLessThan(300);
  // It is a second look: closing is QA's, who may have approved it.
  const closed = await desk.act('ben', before, 'close');
  expect(closed.json).toMatchObject({ status: 'closed' });
});

it('R27: also of what is put in force while they ask', async () => {
  const id = await desk.submit('ana', { items: [{ snap: 'lab-hello', channel: 'stable', revision: 3 }] });
  const { recordDigest } = await desk.show(id);
  const { control } = desk;
  const token = await control.signIn('ben');
  const send = (verb: string, body: object) =>
    control.ask('POST', `/v1/change-requests/${id}/${verb}`, { token, body: { reason: REASON, ...body } });
  expect((await send('approve', { recordDigest, password: PASSWORD })).status).toBe(200);
  const { streams } = control.adapters;
  const load = streams.load.bind(streams);
  let looked = false;
  // The worker comes between the look at the request and the decision.
  const between = vi.spyOn(streams, 'load').mockImplementation(async (kind, stream) => {
    const loaded = await load(kind, stream);
    if (!looked && stream === changeRequestStream(id)) {
      looked = true;
      await desk.catchUp();
    }
    return loaded;
  });
  const answer = await send('verify', LOOKED_AT);
  between.mockRestore();
  expect(answer.json['code']).toBe('wrong-expected-revision');
  expect(await desk.show(id)).toMatchObject({ status: 'effective' });
  expect(await verify('ben', id)).toBe('signer-cannot-verify');
});

it('R27: and may go back to letting them', async () => {
  const rules = { default: RULES.default };
  await desk.sign('ben', await desk.submit('ana', { items: [{ kind: 'approval-policy', rules }] }));
  expect(await verify('ben', await inForce(2))).toBeLessThan(300);
});

it('R26: takes no other word for it', async () => {
  const asked = (verifiedByOthers: unknown) =>
    desk.post('ana', '/v1/change-requests', {
      items: [{ kind: 'approval-policy', rules: { ...RULES, verifiedByOthers } }],
    });
  expect((await asked(false)).json['code']).toBe('invalid-request');
  expect((await asked('true')).json['code']).toBe('invalid-request');
  expect((await asked(true)).status).toBe(202);
});
