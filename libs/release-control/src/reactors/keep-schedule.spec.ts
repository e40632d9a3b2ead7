import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { decodeEvent, StoppedClock, type EventEnvelope } from '#kernel';
import { StreamWriter } from '#platform/decide-and-append';
import { byPerson, byWorker } from '#test/support/decider-specification';
import type { Freeze } from '../domain/approval-policy/freeze.js';
import { BUILT_IN_POLICY } from '../domain/approval-policy/approval-policy.js';
import { changeRequest, changeRequestStream } from '../domain/change-request/change-request.js';
import type { ChangeItem } from '../domain/change-request/change-item.js';
import type { ChangeWindow } from '../domain/change-request/window.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';
import { schedule, SCHEDULE_STREAM } from '../domain/schedule/schedule.js';
import { applyReactor } from './apply-approved-change/reactor.js';
import { captureReactor } from './capture-submitted-change/reactor.js';
import { keepSchedule } from './keep-schedule.js';
import { noteDueReactor } from './note-due-changes/reactor.js';

const ID = 'CR-2026-0001';
const NOON = '2026-12-01T12:00:00.000Z';
const NIGHT = {
  notBefore: '2026-12-01T21:00:00.000Z',
  notAfter: '2026-12-02T03:00:00.000Z',
} as const satisfies ChangeWindow;

let store: InMemoryEventStore;
let clock: StoppedClock;
let writer: StreamWriter;

beforeEach(() => {
  store = new InMemoryEventStore();
  clock = new StoppedClock(NOON);
  restart();
});

/** A new process has nothing but the event store. */
function restart(): void {
  writer = new StreamWriter(store, 'Etc/UTC');
}

async function all(): Promise<EventEnvelope[]> {
  const events: EventEnvelope[] = [];
  for await (const append of store.readAll(null))
    for (const { bytes } of append.events) events.push(decodeEvent(bytes));
  return events;
}

const types = async () => (await all()).map(({ type }) => type);
const count = async (type: string) => (await types()).filter((each) => each === type).length;
const status = async (id = ID) => (await writer.load(changeRequest, changeRequestStream(id))).state.status;
const waiting = async () => [...(await writer.load(schedule, SCHEDULE_STREAM)).state];

/** Every event to every reactor, until nothing more comes of it: also what they have handled before, as after a crash. */
async function react(): Promise<void> {
  const none = () => Promise.reject(new Error('nothing of upstream is asked for here'));
  const capture = { capture: none, mayMean: () => false, identify: none, compare: none };
  const reactors = [
    captureReactor({ writer, clock, capture }),
    applyReactor({ writer, clock }),
    noteDueReactor({ writer, clock }),
  ];
  for (let before = -1; before !== (await all()).length;) {
    const events = await all();
    before = events.length;
    for (const envelope of events) for (const reactor of reactors) await reactor.handle({ envelope });
  }
}

const GATE: ChangeItem = { kind: 'access', access: 'gated' };

async function draft(window: ChangeWindow, id = ID, item: ChangeItem = GATE): Promise<void> {
  await writer.decideAndAppend(changeRequest, changeRequestStream(id), {
    type: 'DraftChange',
    id,
    ring: 'default',
    items: [item],
    window,
    submit: true,
    context: byPerson('Ana', ['author'], { at: clock.now() }),
  });
  await react();
}

async function approve(id = ID): Promise<void> {
  await sign(id);
  await react();
}

async function sign(id: string): Promise<void> {
  const { state } = await writer.load(changeRequest, changeRequestStream(id));
  const recordDigest = 'recordDigest' in state ? state.recordDigest : '';
  await writer.decideAndAppend(changeRequest, changeRequestStream(id), {
    type: 'ApproveChange',
    signature: {
      meaning: 'approved',
      signer: 'id-of-Ben',
      printedName: 'Ben',
      signedAt: clock.now(),
      components: ['password'],
      credential: 'credential-1',
      recordDigest,
    },
    policy: BUILT_IN_POLICY,
    signersNow: new Map(),
    context: byPerson('Ben', ['approver'], { auth: 'password', at: clock.now() }),
  });
}

async function look(at: string): Promise<string | undefined> {
  clock.set(at);
  const next = await keepSchedule({ writer, store, clock });
  await react();
  return next;
}

describe('a scheduled change', () => {
  beforeEach(async () => {
    await draft(NIGHT);
    await approve();
  });

  it('waits, with the approval that it is to begin under', async () => {
    const approval = (await all()).find(({ type }) => type === 'ChangeApproved');
    expect(await status()).toBe('scheduled');
    expect(await waiting()).toEqual([
      [ID, { at: NIGHT.notBefore, does: 'start', authorisedBy: [approval?.id] }],
    ]);
    expect(await look('2026-12-01T20:59:59.999Z')).toBe(NIGHT.notBefore);
    expect(await status()).toBe('scheduled');
  });

  it('is in force at its time, by the approval, and waits no more', async () => {
    await look(NIGHT.notBefore);
    expect(await status()).toBe('effective');
    expect(await waiting()).toEqual([]);
    const events = await all();
    const approval = events.find(({ type }) => type === 'ChangeApproved');
    for (const type of ['ChangeStarted', 'AccessPolicySet', 'ChangeApplied'])
      expect(events.find((event) => event.type === type)).toMatchObject({
        authorisedBy: [approval?.id],
        actor: { kind: 'service', id: 'worker' },
      });
  });

  it('R06: is in force once, however often it is looked at and whatever the clock does', async () => {
    await look(NIGHT.notBefore);
    restart();
    for (const at of [NOON, NIGHT.notBefore, '2026-12-03T00:00:00.000Z', NOON]) await look(at);
    expect(await count('ChangeStarted')).toBe(1);
    expect(await count('ChangeApplied')).toBe(1);
    expect(await count('ChangeExpired')).toBe(0);
    expect(await waiting()).toEqual([]);
  });

  it('is not lost by a worker that was away at its time', async () => {
    restart();
    await look('2026-12-02T02:59:59.000Z');
    expect(await status()).toBe('effective');
  });

  it('expires where the worker was away until after its latest time', async () => {
    restart();
    await look('2026-12-02T03:00:00.001Z');
    expect(await status()).toBe('expired');
    expect(await count('AccessPolicySet')).toBe(0);
    expect(await waiting()).toEqual([]);
  });

  it('is begun by a worker that died after it had said so', async () => {
    clock.set(NIGHT.notBefore);
    await keepSchedule({ writer, store, clock });
    expect(await status()).toBe('approved');
    restart();
    await look('2026-12-02T03:00:00.000Z');
    expect(await status()).toBe('effective');
    expect(await count('ChangeStarted')).toBe(1);
  });

  it('expires where the worker died after it had said so, and came back after its latest time', async () => {
    clock.set(NIGHT.notBefore);
    await keepSchedule({ writer, store, clock });
    restart();
    await look('2026-12-05T00:00:00.000Z');
    expect(await status()).toBe('expired');
    expect(await count('AccessPolicySet')).toBe(0);
  });

  it('R25: becomes stale where the ring moved before its time', async () => {
    await draft({}, 'CR-2026-0002');
    await approve('CR-2026-0002');
    expect(await status('CR-2026-0002')).toBe('effective');
    await look(NIGHT.notBefore);
    expect(await status()).toBe('stale');
    expect(await waiting()).toEqual([]);
  });

  it('that was recalled waits no more, and never is in force', async () => {
    await writer.decideAndAppend(changeRequest, changeRequestStream(ID), {
      type: 'RecallChange',
      context: byPerson('Ana', [], { at: clock.now() }),
    });
    await react();
    expect(await waiting()).toEqual([]);
    await look(NIGHT.notBefore);
    expect(await status()).toBe('recalled');
    expect(await count('AccessPolicySet')).toBe(0);
  });
});

describe('R26: in a frozen ring', () => {
  const freeze: Freeze = {
    from: '2026-12-01T00:00',
    to: '2026-12-07T06:00',
    zone: 'UTC',
    reason: 'stock-taking',
    emergencies: 'pass',
  };
  const END = '2026-12-07T06:00:00.000Z';
  const { default: otherwise, kinds } = BUILT_IN_POLICY;

  async function freezes(id: string, ...asked: readonly Freeze[]): Promise<void> {
    const rules = { default: otherwise, kinds, ...(asked.length === 0 ? {} : { freezes: asked }) };
    await draft({}, id, { kind: 'approval-policy', rules });
    await approve(id);
    expect(await status(id)).toBe('effective');
  }

  beforeEach(() => freezes('CR-2026-0008', freeze));

  it('what is approved waits, takes effect at the end of it by the approval, and once', async () => {
    await draft({});
    await approve();
    const approval = (await all()).findLast(({ type }) => type === 'ChangeApproved');
    expect(await status()).toBe('scheduled');
    expect(await waiting()).toEqual([[ID, { at: END, does: 'start', authorisedBy: [approval?.id] }]]);
    restart();
    await look('2026-12-07T05:59:59.999Z');
    expect(await status()).toBe('scheduled');
    await look(END);
    expect(await status()).toBe('effective');
    expect(await count('ChangeDeferred')).toBe(1);
    expect((await all()).find(({ type }) => type === 'AccessPolicySet')?.authorisedBy).toEqual([
      approval?.id,
    ]);
    expect(await waiting()).toEqual([]);
  });

  it('what is scheduled waits for longer, and expires where its latest time passes first', async () => {
    await draft(NIGHT);
    await approve();
    await look(NIGHT.notBefore);
    expect(await status()).toBe('scheduled');
    await look(NIGHT.notAfter);
    expect(await status()).toBe('scheduled');
    await look('2026-12-02T03:00:00.001Z');
    expect(await status()).toBe('expired');
    expect(await count('AccessPolicySet')).toBe(0);
    expect(await waiting()).toEqual([]);
  });

  it('what waits takes effect at once when the freeze is lifted, by a change of the approval policy', async () => {
    await draft({});
    await approve();
    clock.set('2026-12-02T12:00:00.000Z');
    await freezes('CR-2026-0009');
    expect(await status()).toBe('effective');
    expect(await waiting()).toEqual([]);
  });

  it('what waits takes effect at once where the freeze was lifted while it was deferred', async () => {
    await draft({});
    const asLate = noteDueReactor({ writer, clock });
    await freezes('CR-2026-0009');
    const { state } = await writer.load(changeRequest, changeRequestStream(ID));
    const recordDigest = 'recordDigest' in state ? state.recordDigest : '';
    const context = byPerson('Ben', ['approver'], { auth: 'password', at: clock.now() });
    const signature = {
      meaning: 'approved',
      signer: 'id-of-Ben',
      printedName: 'Ben',
      signedAt: clock.now(),
      components: ['password'],
      credential: 'credential-1',
      recordDigest,
    } as const;
    const approving = { type: 'ApproveChange', signature, policy: BUILT_IN_POLICY } as const;
    await writer.decideAndAppend(changeRequest, changeRequestStream(ID), {
      ...approving,
      signersNow: new Map(),
      context,
    });
    // By a worker that had read the policy before it was changed.
    await writer.decideAndAppend(changeRequest, changeRequestStream(ID), {
      type: 'StartChange',
      policy: { ...BUILT_IN_POLICY, version: 1, freezes: [freeze] },
      applied: false,
      context: byWorker(changeRequestStream(ID), { at: clock.now() }),
    });
    for (const envelope of await all()) await asLate.handle({ envelope });
    await react();
    expect(await status()).toBe('effective');
  });
});

describe('a request with a latest time', () => {
  beforeEach(() => draft({ notAfter: NIGHT.notAfter }));

  it('expires once it has passed, once', async () => {
    await look(NIGHT.notAfter);
    expect(await status()).toBe('captured');
    for (const at of ['2026-12-02T03:00:00.001Z', NOON, '2026-12-04T00:00:00.000Z']) await look(at);
    expect(await status()).toBe('expired');
    expect(await count('ChangeExpired')).toBe(1);
    expect(await waiting()).toEqual([]);
  });

  it('does not expire where the worker died after the ring had it, and came back after that time', async () => {
    await sign(ID);
    const approval = (await all()).find(({ type }) => type === 'ChangeApproved');
    const context = byWorker(changeRequestStream(ID), {
      at: clock.now(),
      authorisedBy: approval ? [approval.id] : [],
    });
    const start = { type: 'StartChange', policy: BUILT_IN_POLICY, applied: false, context } as const;
    await writer.decideAndAppend(changeRequest, changeRequestStream(ID), start);
    await writer.decideAndAppend(releasePolicy, releasePolicyStream('default'), {
      type: 'ApplyChange',
      changeRequest: ID,
      changes: [{ kind: 'access', old: 'open', new: 'gated' }],
      context,
    });
    restart();
    expect(await waiting()).toMatchObject([[ID, { does: 'expire' }]]);
    await look('2026-12-02T03:00:00.001Z');
    expect(await count('ChangeExpired')).toBe(0);
    expect(await status()).toBe('effective');
    expect(await waiting()).toEqual([]);
  });

  it('waits for nothing once it is in force', async () => {
    await approve();
    expect(await status()).toBe('effective');
    expect(await waiting()).toEqual([]);
  });
});

it('R03: notes no start without the approval that authorises it', async () => {
  await draft(NIGHT);
  await approve();
  const events = await all();
  const approval = events.find(({ type }) => type === 'ChangeApproved');
  await writer.decideAndAppend(schedule, SCHEDULE_STREAM, {
    changeRequest: ID,
    due: null,
    context: byPerson('nobody', []),
  });
  const reactor = noteDueReactor({ writer, clock });
  for (const envelope of events) {
    await reactor.handle({ envelope });
    for (const [, due] of await waiting()) expect(due.authorisedBy).toEqual([approval?.id]);
  }
  expect(await waiting()).toHaveLength(1);
});

it('goes on where one request cannot be asked', async () => {
  await draft(NIGHT);
  await approve();
  const due = { at: NIGHT.notBefore, does: 'start', authorisedBy: [] } as const;
  const context = byPerson('nobody', []);
  await writer.decideAndAppend(schedule, SCHEDULE_STREAM, { changeRequest: 'CR-1', due, context });
  const load = writer.load.bind(writer);
  const broken = new Error('its history cannot be folded');
  writer.load = async (kind, stream) => {
    if (stream === changeRequestStream('CR-1')) throw broken;
    return load(kind, stream);
  };
  const failed: unknown[] = [];
  clock.set(NIGHT.notBefore);
  await keepSchedule({ writer, store, clock }, (error, id) => failed.push([error, id]));
  await react();
  expect(failed).toEqual([[broken, 'CR-1']]);
  expect(await status()).toBe('effective');
});

it('of what names no time, nothing is noted', async () => {
  await draft({});
  await approve();
  expect(await status()).toBe('effective');
  expect((await types()).filter((type) => type.startsWith('Due'))).toEqual([]);
});
