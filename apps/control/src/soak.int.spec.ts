import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChangeDesk } from '#test/support/change-desk';

const HELLO = { snap: 'lab-hello', channel: 'stable' };
const APPROVER = { approvals: 1, roles: { approver: 1 } };
const DAY_ONE = '2026-12-01T08:00:00.000Z';
const DAY_TWO = '2026-12-02T08:00:00.000Z';
const DAY_THREE = '2026-12-03T08:00:00.000Z';

let desk: ChangeDesk;
beforeAll(async () => {
  desk = await ChangeDesk.open({ ana: ['author'], ben: ['approver'], cyd: ['qa'], olga: ['operator'] });
  for (const name of ['pilot', 'production']) await desk.post('olga', '/v1/rings', { name });
  await desk.at(DAY_ONE);
});
afterAll(() => desk?.close());

async function ask(ring: string, revision: number): Promise<string> {
  return desk.submit('ana', { ring, items: [{ ...HELLO, revision }] });
}

async function approved(ring: string, revision: number): Promise<string> {
  const id = await ask(ring, revision);
  await desk.sign('ben', id);
  return id;
}

async function asksForSoak(soak: object): Promise<void> {
  const items = [{ kind: 'approval-policy', rules: { default: APPROVER, soak } }];
  await desk.sign('ben', await desk.submit('ana', { ring: 'production', items }));
}

const waitsOf = async (id: string) => (await desk.show(id))['waits'];
const deferred = async (id: string) =>
  ((await desk.show(id))['history'] as readonly { readonly type: string }[]).filter(
    ({ type }) => type === 'ChangeDeferred',
  ).length;

describe('R25, R26: a ring that asks for soak in another one', () => {
  it('says so to author and signers, and has what is approved wait until it is over', async () => {
    await asksForSoak({ ring: 'pilot', hours: 24 });
    expect((await desk.get('ana', '/v1/approval-policies/production')).json).toMatchObject({
      rules: { soak: { ring: 'pilot', hours: 24, verified: false } },
    });
    const items = [{ ...HELLO, revision: 5 }];
    const drafted = await desk.post('ana', '/v1/change-requests', { ring: 'production', items });
    const unknown = { for: 'soak', ring: 'pilot', until: null };
    expect(drafted.json['waits']).toMatchObject(unknown);
    const id = String(drafted.json['id']);
    expect(await waitsOf(id)).toMatchObject({
      ...unknown,
      why: 'ring pilot does not hold lab-hello 5 on latest/stable, amd64',
    });
    await approved('pilot', 5);
    const known = { for: 'soak', ring: 'pilot', until: DAY_TWO };
    expect(await waitsOf(id)).toMatchObject(known);
    expect((await desk.get('ben', '/v1/signing-queue')).json['requests']).toMatchObject([
      { id, waits: known },
    ]);

    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
    expect(await desk.show(id)).toMatchObject({ status: 'scheduled', waits: known });
    for (const at of ['2026-12-01T20:00:00.000Z', '2026-12-02T07:59:59.999Z']) await desk.at(at);
    expect(await desk.show(id)).toMatchObject({ status: 'scheduled', waits: known });
    expect(await deferred(id)).toBe(1);
    await desk.at(DAY_TWO);
    expect(await desk.show(id)).toMatchObject({ status: 'effective', waits: null });
  });

  it('has it wait anew where the other ring moved away, and says so in its record', async () => {
    await approved('pilot', 6);
    const id = await approved('production', 6);
    expect(await desk.show(id)).toMatchObject({ status: 'scheduled', waits: { until: DAY_THREE } });
    await approved('pilot', 7);
    await desk.at('2026-12-02T09:00:00.000Z');
    expect(await waitsOf(id)).toMatchObject({
      until: null,
      why: 'ring pilot does not hold lab-hello 6 on latest/stable, amd64',
    });
    expect(await deferred(id)).toBe(2);
    await desk.at(DAY_THREE);
    expect(await desk.show(id)).toMatchObject({ status: 'scheduled' });

    await approved('pilot', 6);
    await desk.at('2026-12-03T09:00:00.000Z');
    expect(await waitsOf(id)).toMatchObject({ until: '2026-12-04T08:00:00.000Z' });
    await desk.at('2026-12-04T08:00:00.000Z');
    expect(await desk.show(id)).toMatchObject({ status: 'effective' });
  });

  it('has it wait for a verification there, and takes it on once that has passed', async () => {
    await asksForSoak({ ring: 'pilot', hours: 0, verified: true });
    const source = await approved('pilot', 8);
    const id = await approved('production', 8);
    expect(await desk.show(id)).toMatchObject({
      status: 'scheduled',
      waits: { until: null, why: 'nobody has verified lab-hello 8 in ring pilot' },
    });
    const lookedAt = 'devices 1 and 2, per TP-88';
    expect((await desk.act('olga', source, 'verify', { passed: true, lookedAt })).status).toBeLessThan(300);
    await desk.at('2026-12-04T09:00:00.000Z');
    expect(await desk.show(id)).toMatchObject({ status: 'effective' });
  });

  it('lets it take effect at once when the policy asks for none any more', async () => {
    const id = await approved('production', 9);
    expect(await desk.show(id)).toMatchObject({ status: 'scheduled' });
    const items = [{ kind: 'approval-policy', rules: { default: APPROVER } }];
    await desk.sign('ben', await desk.submit('ana', { ring: 'production', items }));
    expect(await desk.show(id)).toMatchObject({ status: 'effective' });
  });

  it.each([
    ['the ring itself', { ring: 'production', hours: 24 }, 400, 'invalid-items'],
    ['no time and no verification', { ring: 'pilot', hours: 0 }, 400, 'invalid-items'],
    ['a ring that there is not', { ring: 'polit', hours: 24 }, 404, 'no-such-ring'],
    ['half an hour', { ring: 'pilot', hours: 0.5 }, 400, 'invalid-request'],
  ])('is not asked for in %s', async (_what, soak, status, code) => {
    const items = [{ kind: 'approval-policy', rules: { default: APPROVER, soak } }];
    const answer = await desk.post('ana', '/v1/change-requests', { ring: 'production', items });
    expect(answer).toMatchObject({ status, json: { code } });
  });

  it('is not asked for in a circle, which is named: neither at once nor by requests that cross', async () => {
    const soaksIn = (ring: string) => [
      { kind: 'approval-policy', rules: { default: APPROVER, soak: { ring, hours: 1 } } },
    ];
    const asked = (ring: string, source: string) => desk.submit('ana', { ring, items: soaksIn(source) });
    const crossing = [await asked('pilot', 'default'), await asked('default', 'pilot')] as const;
    await desk.sign('ben', crossing[0]);
    await desk.sign('ben', crossing[1]);
    const circle = 'default soaks in pilot soaks in default: each would wait for the next';
    expect(await desk.show(crossing[0])).toMatchObject({ status: 'effective' });
    const late = await desk.show(crossing[1]);
    expect(late).toMatchObject({ status: 'stale' });
    expect((late['history'] as readonly object[]).at(-1)).toMatchObject({
      reason: { code: 'soak-in-a-circle', text: expect.stringContaining(circle) as string },
    });

    await desk.sign('ben', await asked('production', 'pilot'));
    const answer = await desk.post('ana', '/v1/change-requests', {
      ring: 'default',
      items: soaksIn('production'),
    });
    const detail = expect.stringContaining(
      'default soaks in production soaks in pilot soaks in default',
    ) as string;
    expect(answer).toMatchObject({ status: 409, json: { code: 'soak-in-a-circle', detail } });
  });
});
