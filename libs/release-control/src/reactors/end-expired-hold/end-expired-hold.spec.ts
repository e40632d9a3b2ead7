import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { decodeEvent, StoppedClock, type EventEnvelope } from '#kernel';
import { StreamWriter } from '#platform/decide-and-append';
import { byPerson } from '#test/support/decider-specification';
import { everyRevision } from '#test/support/every-revision';
import { BUILT_IN_POLICY } from '../../domain/approval-policy/approval-policy.js';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { ChangeItem } from '../../domain/change-request/change-item.js';
import type { HoldExpiry } from '../../domain/change-request/hold-expiry.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { lookAtHolds } from '../../holds/look-at-holds.js';
import { applyReactor } from '../apply-approved-change/reactor.js';
import { captureReactor } from '../capture-submitted-change/reactor.js';
import { endHoldReactor } from './reactor.js';

const NOON = '2026-12-01T12:00:00.000Z';
const END = '2027-03-01T00:00:00.000Z';

let store: InMemoryEventStore;
let clock: StoppedClock;
let writer: StreamWriter;
beforeEach(() => {
  store = new InMemoryEventStore();
  clock = new StoppedClock(NOON);
  writer = new StreamWriter(store, 'Etc/UTC');
});

async function all(): Promise<EventEnvelope[]> {
  const events: EventEnvelope[] = [];
  for await (const append of store.readAll(null))
    for (const { bytes } of append.events) events.push(decodeEvent(bytes));
  return events;
}

/** Every event to every reactor, until nothing more comes of it: also what they have handled before, as after a crash. */
async function react(): Promise<void> {
  const reactors = [
    captureReactor({ writer, clock, capture: everyRevision }),
    applyReactor({ writer, clock }),
    endHoldReactor({ writer, store, clock }),
  ];
  for (let before = -1; before !== (await all()).length;) {
    const events = await all();
    before = events.length;
    for (const envelope of events) for (const reactor of reactors) await reactor.handle({ envelope });
  }
}

/** Ana asks for it, and Ben signs it. @returns the id of the approval */
async function approved(id: string, ...items: ChangeItem[]): Promise<string | undefined> {
  const stream = changeRequestStream(id);
  const context = byPerson('Ana', ['author'], { at: clock.now() });
  const drafting = { type: 'DraftChange', id, ring: 'default', submit: true } as const;
  await writer.decideAndAppend(changeRequest, stream, { ...drafting, items, context });
  await react();
  const { state } = await writer.load(changeRequest, stream);
  const signature = {
    meaning: 'approved',
    signer: 'id-of-Ben',
    printedName: 'Ben',
    signedAt: clock.now(),
    components: ['password'],
    credential: 'credential-1',
    recordDigest: 'recordDigest' in state ? state.recordDigest : '',
  } as const;
  await writer.decideAndAppend(changeRequest, stream, {
    type: 'ApproveChange',
    signature,
    policy: BUILT_IN_POLICY,
    signersNow: new Map(),
    context: byPerson('Ben', ['approver'], { auth: 'password', at: clock.now() }),
  });
  await react();
  return (await all()).find(({ type, stream: of }) => type === 'ChangeApproved' && of === stream)?.id;
}

const hold = (action: HoldExpiry['action'], at = END, version = '7'): ChangeItem => {
  return { format: 'snap', name: 'lab-tool', channel: 'latest/stable', version, expiry: { at, action } };
};
const policy = async () => (await writer.load(releasePolicy, releasePolicyStream('default'))).state;
const held = async () => [...(await policy()).overrides.values()];

/** A worker that was started anew looks, and acts on what it said. */
async function look(at: string): Promise<readonly string[]> {
  const before = (await all()).length;
  clock.set(at);
  writer = new StreamWriter(store, 'Etc/UTC');
  await lookAtHolds({ writer, store, clock });
  await react();
  return (await all()).slice(before).map(({ type }) => type);
}

describe('R38: at its end, a hold', () => {
  it('is what the ring has until then, and people are reminded before', async () => {
    await approved('CR-1', hold('release'));
    expect(await held()).toMatchObject([{ version: '7', expiry: { at: END, action: 'release' } }]);
    expect(await look('2027-02-22T00:00:00.000Z')).toEqual(['HoldReminded']);
    expect(await look('2027-02-28T23:59:59.999Z')).toEqual(['HoldReminded']);
  });

  it('is released by what approved it, once, and not in silence', async () => {
    const approval = await approved('CR-1', hold('release'));
    expect(await look(END)).toEqual(['HoldExpired', 'OverrideRemoved']);
    expect(await held()).toEqual([]);
    expect(await look('2027-03-02T00:00:00.000Z')).toEqual([]);
    expect((await all()).find(({ type }) => type === 'OverrideRemoved')).toMatchObject({
      actor: { kind: 'service', id: 'worker', for: 'holds/default' },
      authorisedBy: [approval],
      reason: { code: 'hold-expiry', text: expect.stringContaining('as CR-1 says') as string },
      data: { old: { version: '7' }, new: null, changeRequest: 'CR-1' },
    });
  });

  it('blocks the snap, once, also after that was lifted', async () => {
    const approval = await approved('CR-1', hold('block'));
    expect(await look(END)).toEqual(['HoldExpired', 'SnapBlocked']);
    expect((await policy()).blocked.size).toBe(1);
    expect((await all()).find(({ type }) => type === 'SnapBlocked')).toMatchObject({
      authorisedBy: [approval],
      data: { because: { type: 'HoldExpired' }, changeRequest: 'CR-1' },
    });
    await approved('CR-2', { kind: 'unblock', format: 'snap', name: 'lab-tool' });
    expect(await look('2027-03-02T00:00:00.000Z')).toEqual([]);
    expect((await policy()).blocked.size).toBe(0);
  });

  it('stays where that was signed, and says so', async () => {
    await approved('CR-1', hold('keep'));
    expect(await look(END)).toEqual(['HoldExpired']);
    expect(await held()).toMatchObject([{ version: '7' }]);
  });

  it('is left alone where the ring holds it until another time by then, or another version', async () => {
    await approved('CR-1', hold('release'));
    await approved('CR-2', hold('release', '2027-06-01T00:00:00.000Z'));
    expect(await look(END)).toEqual([]);
    await approved('CR-3', hold('keep', '2027-09-01T00:00:00.000Z', '8'));
    expect(await look('2027-06-01T00:00:00.000Z')).toEqual([]);
    expect(await held()).toMatchObject([{ version: '8' }]);
  });

  const freezing = (from: string): ChangeItem => {
    const { default: otherwise, kinds } = BUILT_IN_POLICY;
    const freeze = {
      from,
      to: '2027-03-05T00:00',
      zone: 'UTC',
      reason: 'stock-taking',
      emergencies: 'pass',
    } as const;
    return { kind: 'approval-policy', rules: { default: otherwise, kinds, freezes: [freeze] } };
  };

  it('is not released in a freeze of the ring, but after it', async () => {
    await approved('CR-1', hold('release'));
    await approved('CR-2', freezing('2027-02-20T00:00'));
    await look('2027-02-28T00:00:00.000Z');
    expect(await look(END)).toEqual([]);
    expect(await look('2027-03-05T00:00:00.000Z')).toEqual(['HoldExpired', 'OverrideRemoved']);
  });

  it('is not released in a freeze by a worker that died after it had said that it is over, but after it', async () => {
    const approval = await approved('CR-1', hold('release'));
    await approved('CR-2', freezing('2027-03-01T00:10'));
    clock.set(END);
    await lookAtHolds({ writer, store, clock });
    expect(await look('2027-03-01T00:10:00.000Z')).toEqual([]);
    expect(await look('2027-03-04T23:59:59.999Z')).toEqual([]);
    expect(await held()).toMatchObject([{ version: '7' }]);
    expect(await look('2027-03-05T00:00:00.000Z')).toEqual(['OverrideRemoved']);
    const events = await all();
    const [said, removed] = ['HoldExpired', 'OverrideRemoved'].map((wanted) =>
      events.find(({ type }) => type === wanted),
    );
    expect(removed).toMatchObject({
      cause: said?.id,
      authorisedBy: [approval],
      data: { changeRequest: 'CR-1' },
    });
    expect(await look('2027-03-06T00:00:00.000Z')).toEqual([]);
  });
});
