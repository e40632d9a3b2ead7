import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChangeDesk } from '#test/support/change-desk';
import { PASSWORD } from '#test/support/control-under-test';
import { ledgerOfEvents, verifySignatures } from '#test/support/ledger-of-events';
import { readWhole } from '#test/support/whole-history';

const HELLO = { snap: 'lab-hello', channel: 'stable', revision: 7 };
const RULES = {
  default: { approvals: 1, roles: { approver: 1 }, reviews: { persons: 1, roles: { qa: 1 } } },
};

let desk: ChangeDesk;
let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'holdfast-reviewed-'));
  desk = await ChangeDesk.open({ ana: ['author'], ben: ['approver'], cyd: ['qa', 'approver'], dan: ['qa'] });
  const policy = await desk.submit('ana', { items: [{ kind: 'approval-policy', rules: RULES }] });
  await desk.sign('ben', policy);
});
afterAll(async () => {
  await desk?.close();
  await rm(root, { recursive: true, force: true });
});

const asked = (channel: string) => desk.submit('ana', { items: [{ ...HELLO, channel }] });

async function signed(
  login: string,
  id: string,
  act: 'review' | 'approve',
  given: object = { password: PASSWORD },
) {
  const { recordDigest } = await desk.show(id);
  return desk.act(login, id, act, { recordDigest, ...given });
}

async function queueOf(login: string): Promise<unknown> {
  const { json } = await desk.get(login, '/v1/signing-queue');
  return json['requests'];
}

describe('R17, R26, R27: a request whose ring asks for a review before approvals', () => {
  it('is reviewed, which approves nothing, and then approved by somebody else', async () => {
    const id = await asked('stable');
    const missing = [
      '1 more review, 1 with the role qa, and then 1 more signature, 1 with the role approver',
    ];
    expect(await desk.show(id)).toMatchObject({ status: 'captured', missing });
    expect(await queueOf('dan')).toMatchObject([{ id, kind: 'review', missing }]);
    expect(await queueOf('ben')).toEqual([]);
    expect((await signed('ben', id, 'approve')).json).toMatchObject({ code: 'signature-not-needed' });
    expect((await signed('ben', id, 'review')).json).toMatchObject({ code: 'signature-not-needed' });
    expect((await signed('ana', id, 'review')).status).toBe(403);
    expect((await signed('cyd', id, 'review', {})).status).toBe(400);
    expect((await signed('cyd', id, 'review', { password: 'not the right one, and long' })).status).toBe(403);
    expect((await signed('cyd', id, 'review')).json).toMatchObject({ id, status: 'in-review' });
    const review = {
      meaning: 'reviewed',
      printedName: 'cyd of the team',
      policyVersion: 1,
      roles: ['approver', 'qa'],
      counts: true,
    };
    expect(await desk.show(id)).toMatchObject({
      status: 'in-review',
      signature: null,
      signatures: [review],
      missing: ['1 more signature, 1 with the role approver'],
    });
    expect(await queueOf('cyd')).toEqual([]);
    expect(await queueOf('ben')).toMatchObject([{ id, kind: 'approval' }]);
    expect((await signed('cyd', id, 'approve')).json).toMatchObject({ code: 'reviewer-cannot-approve' });
    expect((await signed('ben', id, 'approve')).json).toMatchObject({ status: 'approved' });
    expect(await desk.show(id)).toMatchObject({
      status: 'effective',
      signature: { meaning: 'approved', printedName: 'ben of the team' },
      signatures: [review, { meaning: 'approved' }],
    });
  });

  it('R25: is reviewed anew once it is revised', async () => {
    const id = await asked('beta');
    await signed('dan', id, 'review');
    const items = [{ ...HELLO, channel: 'beta', revision: 8 }];
    await desk.act('ana', id, 'revise', { items });
    expect(await desk.show(id)).toMatchObject({
      status: 'captured',
      signatures: [],
      earlier: [{ revision: 1, signatures: [{ meaning: 'reviewed' }] }],
    });
    expect((await signed('ben', id, 'approve')).json).toMatchObject({ code: 'signature-not-needed' });
    expect((await signed('dan', id, 'review')).json).toMatchObject({ status: 'in-review' });
  });

  it('R22: is reviewed with a security key as well, which the stand-alone script says is good, and good for nothing else', async () => {
    const id = await asked('edge');
    const key = await desk.enrolKey('dan');
    const { recordDigest } = await desk.show(id);
    const review = async (meaning: string) =>
      desk.act('dan', id, 'review', await desk.withKey(key, 'dan', id, { meaning, recordDigest }));
    expect((await review('approved')).status).toBe(403);
    expect((await review('reviewed')).json).toMatchObject({ status: 'in-review' });
    const good = new RegExp(
      `^good {5}${id}: reviewed by dan of the team at .* \\(password, security-key\\)`,
      'm',
    );
    const file = path.join(root, 'change.json');
    await writeFile(file, JSON.stringify(await desk.show(id, 'ben')));
    const said = expect.stringMatching(good) as string;
    expect(await verifySignatures(file)).toMatchObject({ code: 0, said });
    const events = (await readWhole(desk.control.adapters.store)).map(({ bytes }) => {
      return JSON.parse(Buffer.from(bytes).toString()) as {
        type: string;
        data: { signature?: { meaning: string } };
      };
    });
    expect(await verifySignatures(await ledgerOfEvents(root, events), id)).toMatchObject({ code: 0, said });
    for (const { type, data } of events)
      if (type === 'ChangeReviewed' && data.signature) data.signature.meaning = 'approved';
    const altered = await verifySignatures(await ledgerOfEvents(root, events), id);
    expect(altered.code).toBe(1);
    expect(altered.said).toContain('it was made with another meaning');
  });

  it('R26: keeps its rule, and refuses one that nobody could meet, or that fewer could take away', async () => {
    const { json } = await desk.get('ana', '/v1/approval-policies/default');
    expect(json).toMatchObject({
      rules: { default: { reviews: { persons: 1, roles: { qa: 1 }, order: 'any' } } },
    });
    const set = async (rules: object) =>
      (await desk.post('ana', '/v1/change-requests', { items: [{ kind: 'approval-policy', rules }] })).json;
    const reviews = { persons: 3, roles: { qa: 3 } };
    expect(await set({ default: { ...RULES.default, reviews } })).toMatchObject({
      code: 'rules-out-of-reach',
    });
    const changing = { approvals: 1, roles: { approver: 1 } };
    expect(await set({ ...RULES, kinds: { 'approval-policy': changing } })).toMatchObject({
      code: 'invalid-items',
    });
  });
});
