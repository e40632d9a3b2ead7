import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD } from '#test/support/control-under-test';
import { ChangeDesk } from '#test/support/change-desk';

const HELLO = { snap: 'lab-hello', channel: 'stable' };
const APPROVER = { approvals: 1, roles: { approver: 1 } };
const at = (minute: number) => `2026-12-01T08:${String(minute).padStart(2, '0')}:00.000Z`;

let desk: ChangeDesk;
beforeAll(async () => {
  desk = await ChangeDesk.open({ ana: ['author'], ben: ['approver'], cyd: ['qa'], olga: ['operator'] });
  await desk.post('olga', '/v1/rings', { name: 'production' });
  await desk.at(at(0));
  await rules({ default: APPROVER, trailReviewed: true });
});
afterAll(() => desk?.close());

async function rules(asked: object): Promise<void> {
  const items = [{ kind: 'approval-policy', rules: asked }];
  await desk.sign('ben', await desk.submit('ana', { ring: 'production', items }));
}

async function approved(revision: number): Promise<string> {
  const id = await desk.submit('ana', { ring: 'production', items: [{ ...HELLO, revision }] });
  await desk.sign('ben', id);
  return id;
}

/** A review of the trail to its end, that is not signed yet. */
async function opened(): Promise<string> {
  const { json } = await desk.post('cyd', '/v1/reviews/trail', {});
  return String(json['id']);
}

async function signed(login: string, id: string) {
  const { recordDigest } = (await desk.get('cyd', `/v1/reviews/${id}`)).json;
  return (await desk.post(login, `/v1/reviews/${id}/sign`, { recordDigest, password: PASSWORD })).json;
}

const WAITS = { for: 'trail-review', until: null };

describe('R15: a ring that asks for a review of the trail of each change', () => {
  it('says so to whoever asks and signs, and has what is approved wait until somebody independent has signed one', async () => {
    expect((await desk.get('ana', '/v1/approval-policies/production')).json).toMatchObject({
      rules: { trailReviewed: true },
    });
    const items = [{ ...HELLO, revision: 5 }];
    const drafted = await desk.post('ana', '/v1/change-requests', { ring: 'production', items });
    expect(drafted.json['waits']).toMatchObject(WAITS);
    const id = String(drafted.json['id']);
    await desk.sign('ben', id);
    expect(await desk.show(id)).toMatchObject({ status: 'scheduled', waits: WAITS });

    await desk.at(at(1));
    const review = await opened();
    expect((await desk.get('cyd', `/v1/reviews/${review}`)).json).toMatchObject({
      record: {
        content: {
          lines: expect.arrayContaining([
            expect.objectContaining({ of: 'change', changeRequest: id }) as unknown,
          ]) as unknown,
        },
      },
    });
    await desk.at(at(2));
    expect(await desk.show(id)).toMatchObject({ status: 'scheduled' });
    // Ana acted in the range: hers is none.
    expect(await signed('ana', review)).toMatchObject({ status: 403 });
    expect(await signed('cyd', review)).toMatchObject({ status: 'completed' });
    await desk.at(at(3));
    expect(await desk.show(id)).toMatchObject({ status: 'effective', waits: null });
  });

  it('is not content with a review that was opened before the approval, or that was withdrawn', async () => {
    const id = await desk.submit('ana', { ring: 'production', items: [{ ...HELLO, revision: 6 }] });
    await desk.at(at(4));
    const early = await opened();
    await desk.sign('ben', id);
    await desk.at(at(5));
    expect(await signed('cyd', early)).toMatchObject({ status: 'completed' });
    await desk.at(at(6));
    const [withdrawn] = [await opened()];
    await desk.post('cyd', `/v1/reviews/${withdrawn}/withdraw`, {});
    await desk.at(at(7));
    expect(await desk.show(id)).toMatchObject({ status: 'scheduled', waits: WAITS });
    await signed('cyd', await opened());
    await desk.at(at(8));
    expect(await desk.show(id)).toMatchObject({ status: 'effective' });
  });

  it('is content with one that has the approval in it, though it was opened by a clock that is behind', async () => {
    await desk.at(at(20));
    const id = await approved(8);
    expect(await desk.show(id)).toMatchObject({ status: 'scheduled' });
    await desk.at(at(19));
    const behind = await opened();
    await desk.at(at(21));
    expect(await signed('cyd', behind)).toMatchObject({ status: 'completed' });
    await desk.at(at(22));
    expect(await desk.show(id)).toMatchObject({ status: 'effective' });
  });

  it('keeps what it gives back to upstream, and its own rules, from nothing', async () => {
    const items = [{ ...HELLO, revision: null }];
    const back = await desk.submit('ana', { ring: 'production', items });
    await desk.sign('ben', back);
    expect(await desk.show(back)).toMatchObject({ status: 'effective' });
    const id = await approved(7);
    expect(await desk.show(id)).toMatchObject({ status: 'scheduled' });
    await rules({ default: APPROVER });
    expect(await desk.show(id)).toMatchObject({ status: 'effective' });
  });
});
