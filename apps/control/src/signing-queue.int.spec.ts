import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChangeDesk } from '#test/support/change-desk';

let desk: ChangeDesk;

beforeAll(async () => {
  desk = await ChangeDesk.open({
    ana: ['author'],
    bea: ['author', 'approver'],
    ben: ['approver'],
    eva: ['qa'],
    olga: ['operator'],
  });
  const two = { approvals: 2, roles: { approver: 1, qa: 1 } };
  const kinds = {
    override: { ...two, order: ['approver', 'qa'] },
    'approval-policy': { ...two, order: 'any' },
  };
  const rules = { default: { approvals: 1, roles: { approver: 1 }, order: 'any' }, kinds };
  const id = await desk.submit('ana', { items: [{ kind: 'approval-policy', rules }] });
  await desk.sign('ben', id);
});
afterAll(() => desk.close());

const snap = (name: string) => ({ items: [{ snap: name, channel: 'stable', revision: 2 }] });
const queue = async (login: string) => {
  const { json } = await desk.get(login, '/v1/signing-queue');
  return (json['requests'] as { readonly id: string }[]).map(({ id }) => id);
};

describe('the signing queue', () => {
  it('R26, R27: is what a signature of one’s own is taken for: by role, in order, once, never of the author; the oldest first', async () => {
    const first = await desk.submit('ana', snap('lab-hello'));
    const second = await desk.submit('bea', snap('lab-tool'));
    expect(await queue('ben')).toEqual([first, second]);
    expect(await queue('bea')).toEqual([first]);
    expect(await queue('eva')).toEqual([]);
    expect(await queue('olga')).toEqual([]);
    expect((await desk.sign('eva', first)).json).toMatchObject({ code: 'signature-not-needed' });

    expect((await desk.sign('ben', first)).status).toBe(200);
    expect(await queue('ben')).toEqual([second]);
    expect(await queue('eva')).toEqual([first]);
    expect((await desk.sign('ben', first)).json).toMatchObject({ code: 'already-signed' });
    expect((await desk.sign('eva', first)).status).toBe(200);
    expect(await queue('eva')).toEqual([]);
    await desk.sign('ben', second, 'reject');
    expect(await queue('ben')).toEqual([]);
  });

  it('says why, what is needed, and what a signature would be bound to', async () => {
    const id = await desk.submit('ana', snap('lab-other'));
    const { recordDigest } = await desk.show(id);
    expect((await desk.get('ben', '/v1/signing-queue')).json).toMatchObject({
      requests: [
        {
          id,
          ring: 'default',
          author: 'ana of the team',
          recordDigest,
          changes: 1,
          marks: [],
          missing: ['the next signature with the role approver, then one with the role qa'],
        },
      ],
      more: false,
    });
  });
});
