import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyReactor } from '#release-control/reactors/apply-approved-change/reactor';
import { keepSchedule } from '#release-control/reactors/keep-schedule';
import { ChangeDesk } from '#test/support/change-desk';
import { REASON } from '#test/support/control-under-test';

let desk: ChangeDesk;
/** Each test moves it on by what it waits for. */
let hours = 0;

beforeAll(async () => {
  desk = await ChangeDesk.open({
    ana: ['author'],
    ben: ['approver'],
    cyd: ['qa'],
    olga: ['operator'],
  });
  for (const name of ['canary', 'pilot', 'production']) await desk.post('olga', '/v1/rings', { name });
  const rules = { default: { approvals: 2, roles: { approver: 1, qa: 1 }, order: 'any' } };
  const id = await desk.submit('ana', { ring: 'production', items: [{ kind: 'approval-policy', rules }] });
  await desk.sign('ben', id);
});
afterAll(() => desk?.close());

const snap = (name: string, revision: number) => ({ snap: name, channel: 'stable', revision });
const LATER = [
  { ring: 'pilot', soakHours: 24, verified: true },
  { ring: 'production', soakHours: 48, verified: false },
];
const plan = (name: string, more: object = {}) =>
  desk.submit('ana', { ring: 'canary', items: [snap(name, 5)], stages: LATER, ...more });
const verify = (id: string, passed = true, ring = 'canary') =>
  desk.act('olga', id, 'verify', { passed, ring, lookedAt: 'devices 1 and 2, per TP-88' });

async function pass(more: number): Promise<void> {
  hours += more;
  await desk.at(new Date(Date.parse('2026-11-24T08:00:00.000Z') + hours * 3_600_000).toISOString());
}
async function revisionIn(ring: string, name: string): Promise<unknown> {
  const { json } = await desk.get('ana', `/v1/policies/${ring}`);
  const held = json['overrides'] as readonly { readonly snap: string; readonly revision: number }[];
  return held.find((each) => each.snap === name)?.revision;
}
const states = async (id: string) =>
  ((await desk.show(id))['stages'] as readonly { readonly state: string }[]).map(({ state }) => state);

describe('R25, R26: a release plan', () => {
  it('is signed once, goes from ring to ring as its gates open, and waits for further people where a ring asks for them', async () => {
    const id = await plan('lab-hello');
    expect(await desk.show(id)).toMatchObject({
      status: 'captured',
      missing: [
        '1 more signature, 1 with the role approver, in ring canary',
        '1 more signature, 1 with the role approver, in ring pilot',
        '2 more signatures, 1 with the role approver and 1 with the role qa, in ring production',
      ],
    });
    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
    const { changes, recordDigest, ...shown } = await desk.show(id);
    expect(shown).toMatchObject({
      status: 'rolling-out',
      missing: ['1 more signature, 1 with the role qa, in ring production'],
      stages: [
        { stage: 1, ring: 'canary', state: 'in-force', gates: null },
        {
          stage: 2,
          ring: 'pilot',
          state: 'waiting',
          gates: { soakHours: 24, verified: true },
          waitsFor: [
            expect.stringContaining('the end of the time in ring canary, at '),
            'a verification in ring canary',
          ],
        },
        { stage: 3, ring: 'production', state: 'to-come', waitsFor: [] },
      ],
    });
    // What was captured once is what each ring gets.
    const manifests = (changes as readonly { readonly new: { readonly manifest: string } }[]).map(
      (each) => each.new.manifest,
    );
    expect(manifests).toHaveLength(3);
    expect(new Set(manifests).size).toBe(1);
    expect(await revisionIn('canary', 'lab-hello')).toBe(5);
    const { updates } = (await desk.get('ana', '/v1/update-matrix?snap=lab-hello')).json;
    expect(updates).toMatchObject([
      {
        revision: 5,
        cells: [{ evaluatedIn: [] }, { approvedIn: [id] }, { approvedIn: [id] }, { approvedIn: [id] }],
      },
    ]);
    await pass(24);
    expect(await revisionIn('pilot', 'lab-hello')).toBeUndefined();
    expect((await verify(id)).json).toMatchObject({ status: 'rolling-out' });
    expect((await verify(id)).json).toMatchObject({ code: 'not-allowed-in-status' });
    await pass(0);
    expect(await revisionIn('pilot', 'lab-hello')).toBe(5);
    await pass(48);
    expect(await revisionIn('production', 'lab-hello')).toBeUndefined();
    const queue = async (login: string) => (await desk.get(login, '/v1/signing-queue')).json['requests'];
    expect(await queue('cyd')).toMatchObject([{ id, kind: 'approval', recordDigest }]);
    expect(await queue('ben')).toEqual([]);
    expect((await desk.sign('ben', id)).json).toMatchObject({ code: 'already-signed' });
    expect((await desk.sign('cyd', id)).json).toMatchObject({ status: 'rolling-out' });
    await pass(0);
    expect(await revisionIn('production', 'lab-hello')).toBe(5);
    expect(await desk.show(id)).toMatchObject({ status: 'effective', missing: [] });
    expect(await states(id)).toEqual(['in-force', 'in-force', 'in-force']);
    // Each ring by an event of its own, under the signatures.
    const history = await desk.control.history(`change-request/${id}`);
    const idOf = (type: string) => history.find((each) => each.type === type)?.id;
    expect(history.filter(({ type }) => type === 'StageApplied')).toMatchObject([
      { data: { stage: 1, ring: 'canary' }, authorisedBy: [idOf('ChangeApproved')] },
      { data: { stage: 2, ring: 'pilot' }, authorisedBy: [idOf('ChangeApproved')] },
      { data: { stage: 3, ring: 'production' }, authorisedBy: [idOf('ChangeApproved'), idOf('StageSigned')] },
    ]);
    for (const ring of ['canary', 'pilot', 'production']) {
      const inRing = await desk.control.history(`release-policy/${ring}`);
      expect(inRing.filter(({ type }) => type === 'OverrideSet')).toMatchObject([
        { data: { changeRequest: id } },
      ]);
    }
    expect((await verify(id, true, 'pilot')).json).toMatchObject({ code: 'not-allowed-in-status' });
    expect((await verify(id, true, 'production')).json).toMatchObject({ status: 'verified' });
    expect((await desk.act('cyd', id, 'close')).json).toMatchObject({ status: 'closed' });
  });

  it('R25: is not given to a ring that was halted after a worker took it on and died, and nothing is done twice', async () => {
    const id = await plan('lab-crashed');
    await desk.sign('ben', id);
    await verify(id);
    const { streams: writer, store, clock } = desk.control.adapters;
    const stream = `change-request/${id}`;
    hours += 24;
    desk.control.clock.set(
      new Date(Date.parse('2026-11-24T08:00:00.000Z') + hours * 3_600_000).toISOString(),
    );
    await keepSchedule({ writer, store, clock });
    const last = async () => (await desk.control.history(stream)).at(-1);
    expect(await last()).toMatchObject({ type: 'StageStarted', data: { stage: 2, ring: 'pilot' } });
    const token = await desk.control.signIn('olga');
    const halted = await desk.control.ask('POST', '/v1/rings/pilot/halt', {
      token,
      body: { reason: REASON },
    });
    expect(halted.status).toBe(200);
    await desk.catchUp();
    expect(await last()).toMatchObject({
      type: 'StageDeferred',
      data: { waitsFor: ['a resume: ring pilot is halted'] },
    });
    // It is asked again, and waits.
    await pass(0);
    expect(await revisionIn('pilot', 'lab-crashed')).toBeUndefined();
    const resume = await desk.submit('ana', { ring: 'pilot', items: [{ kind: 'resume-ring' }] });
    await desk.sign('ben', resume);
    await pass(0);
    expect(await states(id)).toEqual(['in-force', 'in-force', 'waiting']);
    expect(await revisionIn('pilot', 'lab-crashed')).toBe(5);
    const before = await desk.control.history(stream);
    const apply = applyReactor({ writer, clock });
    for (const envelope of before) await apply.handle({ envelope });
    expect(await desk.control.history(stream)).toEqual(before);
  });

  it('waits while the ring before is halted, and goes on once it is resumed', async () => {
    const id = await plan('lab-halted');
    await desk.sign('ben', id);
    await verify(id);
    await desk.post('olga', '/v1/rings/canary/halt', { snap: 'lab-halted' });
    await pass(24);
    const stages = (await desk.show(id))['stages'] as readonly { readonly waitsFor: readonly string[] }[];
    expect(stages[1]?.waitsFor).toEqual(['a resume: lab-halted is halted in ring canary']);
    const resume = await desk.submit('ana', {
      ring: 'canary',
      items: [{ kind: 'resume', snap: 'lab-halted' }],
    });
    await desk.sign('ben', resume);
    await pass(0);
    expect(await states(id)).toEqual(['in-force', 'in-force', 'waiting']);
  });

  it('goes no further where it failed its verification, and leaves in force what is', async () => {
    const id = await plan('lab-failed');
    await desk.sign('ben', id);
    expect((await verify(id, false)).json).toMatchObject({ status: 'verification-failed' });
    await pass(100);
    expect(await states(id)).toEqual(['in-force', 'stopped', 'stopped']);
    expect(await revisionIn('canary', 'lab-failed')).toBe(5);
    expect(await revisionIn('pilot', 'lab-failed')).toBeUndefined();
    const back = await desk.get('ana', `/v1/change-requests/${id}/roll-back`);
    expect(back.json).toMatchObject({
      ring: 'canary',
      targets: [{ name: 'lab-failed', from: '5', to: null }],
    });
  });

  it('is recalled in the rings that do not have it', async () => {
    const id = await plan('lab-recalled');
    await desk.sign('ben', id);
    expect((await desk.act('olga', id, 'recall')).json).toMatchObject({ status: 'stopped' });
    await pass(100);
    expect(await revisionIn('pilot', 'lab-recalled')).toBeUndefined();
    expect((await desk.act('olga', id, 'recall')).json).toMatchObject({ code: 'not-allowed-in-status' });
    expect(await desk.show(id)).toMatchObject({ status: 'stopped', stoppedBecause: 'recalled' });
  });

  it('is stopped where the next ring is not as it was approved for', async () => {
    const id = await plan('lab-moved');
    await desk.sign('ben', id);
    await verify(id);
    const other = await desk.submit('ana', { ring: 'pilot', items: [snap('lab-moved', 3)] });
    await desk.sign('ben', other);
    await pass(24);
    expect(await desk.show(id)).toMatchObject({
      status: 'stopped',
      stoppedBecause: 'policy-moved',
      mismatches: [{ expected: null, found: { version: '3' } }],
    });
    expect(await revisionIn('pilot', 'lab-moved')).toBe(3);
  });

  it('is stopped where the ring before has another choice by now', async () => {
    const id = await plan('lab-newer');
    await desk.sign('ben', id);
    await verify(id);
    const other = await desk.submit('ana', { ring: 'canary', items: [snap('lab-newer', 6)] });
    await desk.sign('ben', other);
    await pass(24);
    expect(await desk.show(id)).toMatchObject({ status: 'stopped' });
    const last = (await desk.control.history(`change-request/${id}`)).at(-1);
    expect(last).toMatchObject({
      type: 'PlanStopped',
      reason: { text: expect.stringContaining('ring canary has another choice for lab-newer') as string },
    });
  });

  it('is stopped at its latest time, whatever it waits for', async () => {
    const notAfter = new Date(Date.parse(desk.control.clock.now()) + 3 * 3_600_000).toISOString();
    const id = await plan('lab-late', { notAfter });
    await desk.sign('ben', id);
    await pass(4);
    expect(await desk.show(id)).toMatchObject({ status: 'stopped' });
    expect(await revisionIn('canary', 'lab-late')).toBe(5);
  });

  it.each([
    [
      'rings in another order',
      [
        { ring: 'production', soakHours: 1, verified: false },
        { ring: 'pilot', soakHours: 1, verified: false },
      ],
      400,
      'invalid-plan',
    ],
    ['a ring that there is not', [{ ring: 'gone', soakHours: 1, verified: false }], 404, 'no-such-ring'],
    [
      'a ring that waits for nothing',
      [{ ring: 'pilot', soakHours: 0, verified: false }],
      400,
      'invalid-plan',
    ],
    [
      'a gate that there is not',
      [{ ring: 'pilot', soakHours: 1, verified: false, weather: 'fine' }],
      400,
      'invalid-request',
    ],
  ])('is refused with %s', async (_what, stages, status, code) => {
    const answer = await desk.post('ana', '/v1/change-requests', {
      ring: 'canary',
      items: [snap('lab-hello', 6)],
      stages,
    });
    expect(answer.json).toMatchObject({ status, code });
  });
});
