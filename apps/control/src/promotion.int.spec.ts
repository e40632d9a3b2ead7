import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILT_IN_POLICY } from '#release-control/domain/approval-policy/approval-policy';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import { releasePolicy, releasePolicyStream } from '#release-control/domain/release-policy/release-policy';
import { byWorker } from '#test/support/decider-specification';
import { ChangeDesk } from '#test/support/change-desk';
import { PASSWORD, REASON } from '#test/support/control-under-test';

let desk: ChangeDesk;

beforeAll(async () => {
  desk = await ChangeDesk.open({
    ana: ['author'],
    ben: ['approver'],
    olga: ['operator'],
    dan: ['author', 'approver'],
  });
  for (const name of ['pilot', 'production']) await desk.post('olga', '/v1/rings', { name });
});
afterAll(() => desk.close());

const snap = (name: string, revision: number) => ({ snap: name, channel: 'stable', revision });
const overridesOf = async (ring: string) => (await desk.get('ana', `/v1/policies/${ring}`)).json['overrides'];

const decided = (ring: string, ...items: readonly object[]) => approved({ ring, items });

async function approved(asked: object): Promise<string> {
  const id = await desk.submit('ana', asked);
  expect((await desk.sign('ben', id)).status).toBe(200);
  return id;
}

describe('promoting a ring', () => {
  it('gives the later ring exactly what the earlier one holds, by one request', async () => {
    await decided('pilot', snap('lab-hello', 5), snap('lab-tool', 7));
    await decided('production', snap('lab-hello', 4), snap('lab-old', 1));
    const { json } = await desk.get('ana', '/v1/policies/pilot');
    const id = await decided('production', { kind: 'promotion', from: 'pilot', ifPolicy: json['digest'] });
    expect(await desk.show(id)).toMatchObject({
      status: 'effective',
      ring: 'production',
      items: [{ kind: 'promotion', from: 'pilot' }],
      changes: [
        { name: 'lab-hello', old: { version: '4' }, new: { version: '5' } },
        { name: 'lab-tool', old: null, new: { version: '7' } },
        { name: 'lab-old', old: { version: '1' }, new: null },
      ],
    });
    expect(await overridesOf('production')).toEqual(await overridesOf('pilot'));
  });

  it('asks for nothing where both hold the same', async () => {
    const id = await desk.submit('ana', {
      ring: 'production',
      items: [{ kind: 'promotion', from: 'pilot' }],
    });
    expect(await desk.show(id)).toMatchObject({
      status: 'capture-refused',
      failures: [{ code: 'nothing-to-change' }],
    });
  });

  it('refuses what the earlier ring does not serve', async () => {
    await decided('pilot', snap('lab-hello', 6));
    await desk.post('olga', '/v1/rings/pilot/halt', { snap: 'lab-hello' });
    const id = await desk.submit('ana', {
      ring: 'production',
      items: [{ kind: 'promotion', from: 'pilot' }],
    });
    expect(await desk.show(id)).toMatchObject({
      status: 'capture-refused',
      failures: [{ code: 'not-a-promotion' }],
    });
  });

  it('is not signed once something of it is halted in the earlier ring', async () => {
    await decided('pilot', snap('lab-late', 3));
    await desk
      .submit('ana', { ring: 'pilot', items: [{ kind: 'resume', snap: 'lab-hello' }] })
      .then((id) => desk.sign('ben', id));
    const id = await desk.submit('ana', {
      ring: 'production',
      items: [{ kind: 'promotion', from: 'pilot' }],
    });
    expect(await desk.show(id)).toMatchObject({ status: 'captured' });
    await desk.post('olga', '/v1/rings/pilot/halt', { snap: 'lab-late' });
    const refused = await desk.sign('ben', id);
    expect(refused.json).toMatchObject({ status: 409, code: 'not-a-promotion' });
    expect(refused.json['detail']).toContain('lab-late is halted in ring pilot');
    expect(await desk.show(id)).toMatchObject({ status: 'captured', signatures: [] });
  });

  it('does not take effect once something of it is halted in the earlier ring, though it was signed before', async () => {
    const resume = await desk.submit('ana', { ring: 'pilot', items: [{ kind: 'resume', snap: 'lab-late' }] });
    await desk.sign('ben', resume);
    const held = await overridesOf('production');
    const id = await desk.submit('ana', {
      ring: 'production',
      notBefore: '2026-11-24T08:05:00.000Z',
      items: [{ kind: 'promotion', from: 'pilot' }],
    });
    await desk.sign('ben', id);
    expect(await desk.show(id)).toMatchObject({ status: 'scheduled' });
    await desk.post('olga', '/v1/rings/pilot/halt', { snap: 'lab-late' });
    desk.control.clock.set('2026-11-24T08:06:00.000Z');
    const { streams: writer, clock } = desk.control.adapters;
    const stream = changeRequestStream(id);
    const context = byWorker(stream);
    await writer.decideAndAppend(changeRequest, stream, {
      type: 'StartChange',
      policy: BUILT_IN_POLICY,
      applied: false,
      context: { ...context, at: clock.now() },
    });
    await desk.catchUp();
    expect(await desk.show(id)).toMatchObject({ status: 'stale' });
    const reason = (await desk.control.history(stream)).at(-1)?.reason;
    expect(reason).toMatchObject({
      code: 'source-withheld',
      text: expect.stringContaining('lab-late is halted') as string,
    });
    expect(await overridesOf('production')).toEqual(held);
  });

  it('is not signed while what it carries is there by an emergency that nobody has ratified', async () => {
    const resume = await desk.submit('ana', { ring: 'pilot', items: [{ kind: 'resume', snap: 'lab-late' }] });
    await desk.sign('ben', resume);
    const rule = { approvals: 1, roles: { approver: 1 }, order: 'any' };
    const rules = { default: rule, emergency: { onCall: ['dan'], snaps: 'all', ratifyWithinHours: 12 } };
    await decided('pilot', { kind: 'approval-policy', rules });
    const emergency = await desk.submit('dan', {
      ring: 'pilot',
      emergency: true,
      items: [snap('lab-tool', 9)],
    });
    const { recordDigest } = await desk.show(emergency);
    const released = await desk.act('dan', emergency, 'release', { recordDigest, password: PASSWORD });
    expect(released.json).toMatchObject({ status: 'released' });
    const id = await desk.submit('ana', {
      ring: 'production',
      items: [{ kind: 'promotion', from: 'pilot' }],
    });
    const refused = await desk.sign('ben', id);
    expect(refused.json).toMatchObject({ status: 409, code: 'not-a-promotion' });
    expect(refused.json['detail']).toContain(`by the emergency ${emergency}, whose ratification is open`);
  });

  it.each([
    ['the later ring', 'pilot', 'production', 409, 'not-a-promotion'],
    ['itself', 'pilot', 'pilot', 409, 'not-a-promotion'],
    ['a ring that there is not', 'pilot', 'gone', 404, 'no-such-ring'],
  ])('is not from %s', async (_what, ring, from, status, code) => {
    const body = { ring, items: [{ kind: 'promotion', from }], reason: REASON };
    expect((await desk.post('ana', '/v1/change-requests', body)).json).toMatchObject({ status, code });
  });
});

/** The worker finds that the publisher of what a ring holds did something that a person must look at. */
async function block(ring: string): Promise<void> {
  const { streams: writer, clock } = desk.control.adapters;
  const stream = releasePolicyStream(ring);
  const [held] = (await writer.load(releasePolicy, stream)).state.overrides.values();
  if (held === undefined) throw new Error(`ring ${ring} holds nothing`);
  const { name, target } = held;
  const { format, subject } = target;
  const at = clock.now();
  const because = { event: 'event-1', type: 'DeclarationRevoked', at };
  const context = { ...byWorker(stream), at };
  await writer.decideAndAppend(releasePolicy, stream, {
    type: 'BlockSnap',
    format,
    subject,
    name,
    because,
    context,
  });
  await desk.catchUp();
}

describe('a promotion that waits for its time', () => {
  const promotion = (from: string) => ({ ring: 'late', items: [{ kind: 'promotion', from }] });
  const lastReason = async (id: string) =>
    (await desk.control.history(changeRequestStream(id))).at(-1)?.reason;
  beforeAll(async () => {
    for (const name of ['early', 'sooner', 'first', 'late']) await desk.post('olga', '/v1/rings', { name });
  });

  it.each([
    [
      'blocked',
      'early',
      '2026-11-24T09:00:00.000Z',
      async () => {
        await decided('early', { kind: 'publisher-changes', publisherChanges: 'block' });
        await block('early');
      },
    ],
    [
      'denied',
      'sooner',
      '2026-11-24T10:00:00.000Z',
      () => decided('sooner', { kind: 'deny', snap: 'lab-held' }),
    ],
  ] as const)(
    'becomes stale once something of it is %s in the earlier ring',
    async (what, from, notBefore, withhold) => {
      await decided(from, snap('lab-held', 2));
      const id = await approved({ ...promotion(from), notBefore });
      await withhold();
      await desk.at(notBefore);
      expect(await desk.show(id)).toMatchObject({ status: 'stale' });
      expect(await lastReason(id)).toMatchObject({
        code: 'source-withheld',
        text: expect.stringContaining(`lab-held is ${what} in ring ${from}`) as string,
      });
      expect(await overridesOf('late')).toEqual([]);
    },
  );

  it('R38: shows the end that its hold would have, expires at it, and is not handed in after it', async () => {
    const expiry = { at: '2026-11-24T12:00:00.000Z', action: 'keep' };
    await decided('first', { ...snap('lab-held', 2), expiry });
    const id = await approved({ ...promotion('first'), notBefore: '2026-11-24T11:00:00.000Z' });
    expect(await desk.show(id)).toMatchObject({
      status: 'scheduled',
      changes: [{ name: 'lab-held', old: null, new: { version: '2', expiry } }],
    });
    const draft = await desk.submit('ana', { ...promotion('first'), submit: false });
    await desk.at('2026-11-24T12:00:00.000Z');
    expect(await desk.show(id)).toMatchObject({ status: 'expired' });
    const late = await desk.act('ana', draft, 'submit');
    expect(late.json).toMatchObject({ status: 409, code: 'not-a-promotion' });
    expect(await overridesOf('late')).toEqual([]);
  });

  it('R38: is not asked for once the end of a hold has come, nor is another request revised into it', async () => {
    const refusal = { status: 409, code: 'not-a-promotion' };
    const ask = promotion('first');
    const drafted = await desk.post('ana', '/v1/change-requests', ask);
    expect(drafted.json).toMatchObject(refusal);
    expect(drafted.json['detail']).toContain('would be held until 2026-11-24T12:00:00.000Z');
    const other = await desk.submit('ana', { ring: 'late', submit: false, items: [snap('lab-held', 2)] });
    const { items } = ask;
    expect((await desk.act('ana', other, 'revise', { items })).json).toMatchObject(refusal);
  });

  it('is not revised into one of a ring that does not come before', async () => {
    const id = await desk.submit('ana', { ring: 'sooner', submit: false, items: [snap('lab-held', 3)] });
    const items = [{ kind: 'promotion', from: 'late' }];
    const refused = await desk.act('ana', id, 'revise', { items });
    expect(refused.json).toMatchObject({ status: 409, code: 'not-a-promotion' });
  });
});

describe('promoting thousands', () => {
  it('gives the later ring all of them by one append, up to what one request takes', async () => {
    for (const name of ['many', 'later']) await desk.post('olga', '/v1/rings', { name });
    const { streams, store } = desk.control.adapters;
    const changes = Array.from({ length: 5_001 }, (_, i) => ({
      target: { format: 'snap', subject: `id-of-snap-${i}`, channel: 'latest/stable', architecture: 'amd64' },
      name: `snap-${i}`,
      old: null,
      new: { version: String(i + 1), manifest: String(i).padStart(64, '0') },
    }));
    const apply = (ring: string, id: string, some: typeof changes) => {
      const command = {
        type: 'ApplyChange',
        changeRequest: id,
        changes: some,
        context: byWorker(id),
      } as const;
      return streams.decideAndAppend(releasePolicy, releasePolicyStream(ring), command);
    };
    await apply('many', 'CR-2026-9001', changes);
    const promotion = { ring: 'later', items: [{ kind: 'promotion', from: 'many' }] };
    const tooMany = await desk.submit('ana', promotion);
    expect(await desk.show(tooMany)).toMatchObject({
      status: 'capture-refused',
      failures: [{ code: 'invalid-items', message: expect.stringContaining('5001 targets') as string }],
    });
    await apply('later', 'CR-2026-9002', changes.slice(0, 1));
    const id = await approved(promotion);
    expect(await desk.show(id)).toMatchObject({ status: 'effective' });
    expect(await overridesOf('later')).toEqual(await overridesOf('many'));
    const sizes: number[] = [];
    for await (const { stream, events } of store.readAll(null))
      if (stream === releasePolicyStream('later')) sizes.push(events.length);
    expect(sizes).toEqual([1, 5_000]);
  }, 120_000);
});
