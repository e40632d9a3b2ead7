import { beforeEach, describe, expect, it } from 'vitest';
import { CodedError, decodeEvent, StoppedClock, type EventEnvelope } from '#kernel';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { StreamWriter } from '#platform/decide-and-append';
import { byPerson } from '#test/support/decider-specification';
import { BUILT_IN_POLICY } from '../domain/approval-policy/approval-policy.js';
import { changeRequest, changeRequestStream } from '../domain/change-request/change-request.js';
import type { ChangeItem, OverrideItem } from '../domain/change-request/change-item.js';
import type { ElectronicSignature } from '../domain/signature.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';
import { applyReactor } from './apply-approved-change/reactor.js';
import type { CapturePort, ItemToCapture } from './capture-submitted-change/capture-port.js';
import { captureReactor } from './capture-submitted-change/reactor.js';

class NotThere extends CodedError<'revision-not-found'> {
  override readonly name = 'NotThere';
}

/** A catalog that has revisions 1 and 2 of everything, for two architectures. */
const catalog: CapturePort = {
  async capture({ format, name, channel, version }: ItemToCapture) {
    if (version !== '1' && version !== '2') {
      throw new NotThere('revision-not-found', `${name} has no revision ${version}`);
    }
    return ['amd64', 'arm64'].map((architecture) => ({
      target: { format, subject: `id-of-${name}`, channel, architecture },
      name,
      version,
      manifest: version.repeat(64),
    }));
  },
  compare: async () => ({ lines: [], marks: [] }),
  mayMean: (_format, asked, channel) => channel === asked || channel.endsWith(`/${asked}`),
  async identify(format, name) {
    if (name === 'no-such') throw new NotThere('revision-not-found', `upstream has no snap named ${name}`);
    return { format, subject: `id-of-${name}` };
  },
};

const clock = new StoppedClock('2026-11-22T12:48:14.123Z');
const stable = (version: string | null, name = 'lab-hello'): OverrideItem => ({
  format: 'snap',
  name,
  channel: 'latest/stable',
  version,
});

let store: InMemoryEventStore;
let writer: StreamWriter;

beforeEach(() => {
  store = new InMemoryEventStore();
  writer = new StreamWriter(store, 'Europe/Zurich');
});

async function all(): Promise<EventEnvelope[]> {
  const envelopes = [];
  for await (const append of store.readAll(null))
    envelopes.push(...append.events.map(({ bytes }) => decodeEvent(bytes)));
  return envelopes;
}

const types = async () => (await all()).map(({ type }) => type);

/** Gives every event so far to the reactor, oldest first, as a worker that lost its checkpoint would. */
async function replayTo(reactor: {
  handle(event: { envelope: EventEnvelope }): Promise<void>;
}): Promise<void> {
  for (const envelope of await all()) await reactor.handle({ envelope });
}

async function submit(id: string, ...items: ChangeItem[]): Promise<void> {
  await writer.decideAndAppend(changeRequest, changeRequestStream(id), {
    type: 'DraftChange',
    id,
    ring: 'default',
    items,
    submit: true,
    context: byPerson('Ana', ['author']),
  });
}

async function approve(id: string): Promise<void> {
  const { state } = await writer.load(changeRequest, changeRequestStream(id));
  if (state.status !== 'captured') throw new Error(`${id} is ${state.status}`);
  const signature: ElectronicSignature = {
    meaning: 'approved',
    signer: 'id-of-Ben',
    printedName: 'Ben',
    signedAt: clock.now(),
    components: ['password'],
    credential: 'credential-1',
    recordDigest: state.recordDigest,
  };
  const context = byPerson('Ben', ['approver'], { auth: 'password' });
  await writer.decideAndAppend(changeRequest, changeRequestStream(id), {
    type: 'ApproveChange',
    policy: BUILT_IN_POLICY,
    signersNow: new Map(),
    signature,
    context,
  });
}

const capture = () => captureReactor({ writer, capture: catalog, clock });
const apply = () => applyReactor({ writer, clock });

async function status(id: string) {
  return (await writer.load(changeRequest, changeRequestStream(id))).state;
}

async function applied(id: string, ...items: ChangeItem[]): Promise<void> {
  await submit(id, ...items);
  await replayTo(capture());
  await approve(id);
  await replayTo(apply());
}

describe('capture', () => {
  it('resolves the words to targets, each with the choice that it replaces', async () => {
    await submit('CR-1', stable('1'));
    await replayTo(capture());
    expect(await status('CR-1')).toMatchObject({
      status: 'captured',
      changes: [
        { target: { architecture: 'amd64' }, old: null, new: { version: '1' } },
        { target: { architecture: 'arm64' }, old: null, new: { version: '1' } },
      ],
    });
  });

  it('resolves an item for one architecture to that one alone, set or given back', async () => {
    const on = (architecture: string, version: string | null) => ({ ...stable(version), architecture });
    await submit('CR-1', on('amd64', '1'), on('arm64', '2'));
    await replayTo(capture());
    expect(await status('CR-1')).toMatchObject({
      changes: [
        { target: { architecture: 'amd64' }, new: { version: '1' } },
        { target: { architecture: 'arm64' }, new: { version: '2' } },
      ],
    });
    await approve('CR-1');
    await replayTo(apply());
    await submit('CR-2', on('arm64', null));
    await replayTo(capture());
    expect(await status('CR-2')).toMatchObject({
      changes: [{ target: { architecture: 'arm64' }, old: { version: '2' }, new: null }],
    });
  });

  it('says for which architectures a revision is, and that nothing is held for one', async () => {
    await submit(
      'CR-1',
      { ...stable('1'), architecture: 's390x' },
      { ...stable(null), architecture: 's390x' },
    );
    await replayTo(capture());
    expect(await status('CR-1')).toMatchObject({
      status: 'capture-refused',
      failures: [
        { code: 'no-such-architecture', message: 'lab-hello 1 is for amd64 and arm64, not for s390x' },
        { code: 'no-such-override', message: 'nothing overrides lab-hello on latest/stable for s390x' },
      ],
    });
  });

  it('acts for the request, because of the submission', async () => {
    await submit('CR-1', stable('1'));
    await replayTo(capture());
    const [, submission, captured] = await all();
    expect(captured).toMatchObject({
      type: 'ArtefactsCaptured',
      actor: { kind: 'service', id: 'worker', for: 'change-request/CR-1' },
      cause: submission?.id,
      correlation: submission?.correlation,
    });
  });

  it('of a submission that was answered already does nothing', async () => {
    await submit('CR-1', stable('1'));
    await replayTo(capture());
    await replayTo(capture());
    expect(await types()).toEqual(['ChangeDrafted', 'ChangeSubmitted', 'ArtefactsCaptured']);
  });

  it('names every item that failed, and captures nothing of the batch', async () => {
    await submit('CR-1', stable('1'), stable('9'), stable('8', 'lab-tool'));
    await replayTo(capture());
    expect(await status('CR-1')).toMatchObject({
      status: 'capture-refused',
      failures: [
        {
          item: { name: 'lab-hello', version: '9' },
          code: 'revision-not-found',
          message: 'lab-hello has no revision 9',
        },
        { item: { name: 'lab-tool', version: '8' }, code: 'revision-not-found' },
      ],
    });
  });

  it('records a refusal whatever upstream said, and however many items failed', async () => {
    const hostile: CapturePort = {
      ...catalog,
      capture: () => Promise.reject(new NotThere('revision-not-found', `${'\u20AC\0\uD800'.repeat(50_000)}`)),
    };
    await submit('CR-1', ...Array.from({ length: 100 }, (_, i) => stable(String(i + 1))));
    await replayTo(captureReactor({ writer, capture: hostile, clock }));
    const state = await status('CR-1');
    expect(state.status).toBe('capture-refused');
    const failures = state.status === 'capture-refused' ? state.failures : [];
    expect(failures).toHaveLength(20);
    expect(failures.at(-1)?.message).toMatch(/^€.*\(and 80 more items were not tried\)$/s);
  });

  it('takes two items that say the same in other words for one', async () => {
    const same: CapturePort = {
      ...catalog,
      capture: (item) => catalog.capture({ ...item, channel: 'latest/stable' }),
    };
    await submit('CR-1', stable('1'), { ...stable('1'), channel: 'stable' });
    await replayTo(captureReactor({ writer, capture: same, clock }));
    const state = await status('CR-1');
    expect(state).toMatchObject({
      status: 'captured',
      changes: [{ name: 'lab-hello' }, { name: 'lab-hello' }],
    });
  });

  it('refuses to remove what is not there', async () => {
    await submit('CR-1', stable(null));
    await replayTo(capture());
    expect(await status('CR-1')).toMatchObject({
      status: 'capture-refused',
      failures: [{ code: 'no-such-override' }],
    });
  });
});

describe('applying', () => {
  it('sets every override in one append, authorised by the approval', async () => {
    await applied('CR-1', stable('1'));
    const events = await all();
    const approval = events.find(({ type }) => type === 'ChangeApproved');
    const overrides = events.filter(({ type }) => type === 'OverrideSet');
    expect(overrides.map(({ part, authorisedBy }) => ({ part, authorisedBy }))).toEqual([
      { part: [1, 2], authorisedBy: [approval?.id] },
      { part: [2, 2], authorisedBy: [approval?.id] },
    ]);
    expect(await status('CR-1')).toMatchObject({ status: 'effective', policy: 'release-policy/default' });
  });

  it('again does nothing', async () => {
    await applied('CR-1', stable('1'));
    const before = await types();
    await replayTo(apply());
    expect(await types()).toEqual(before);
  });

  it.each([
    ['before anything of it is recorded', 1],
    ['between that it begins and the policy’s append', 2],
    ['between the policy’s append and the request’s', 3],
  ])('goes on after a crash %s', async (_when, dies) => {
    await submit('CR-1', stable('1'));
    await replayTo(capture());
    await approve('CR-1');
    const crash = new Error('the process died');
    let appends = 0;
    store.append = async (stream, ...rest) => {
      if (++appends === dies) throw crash;
      return InMemoryEventStore.prototype.append.call(store, stream, ...rest);
    };
    await expect(replayTo(apply())).rejects.toBe(crash);
    expect((await types()).includes('OverrideSet')).toBe(dies > 2);
    store.append = InMemoryEventStore.prototype.append;
    await replayTo(apply());
    const count = async (event: string) => (await types()).filter((type) => type === event).length;
    expect([await count('ChangeStarted'), await count('OverrideSet')]).toEqual([1, 2]);
    expect(await status('CR-1')).toMatchObject({ status: 'effective' });
  });

  it('makes a request stale whose ring moved since its capture, and says what was found', async () => {
    await submit('CR-1', stable('1'));
    await submit('CR-2', stable('2'));
    await replayTo(capture());
    await approve('CR-1');
    await approve('CR-2');
    await replayTo(apply());
    expect(await status('CR-1')).toMatchObject({ status: 'effective' });
    expect(await status('CR-2')).toMatchObject({
      status: 'stale',
      mismatches: [
        { target: { architecture: 'amd64' }, expected: null, found: { version: '1' } },
        { target: { architecture: 'arm64' }, expected: null, found: { version: '1' } },
      ],
    });
    expect((await types()).filter((type) => type === 'OverrideSet')).toHaveLength(2);
  });

  it('asks which track is meant when two are held', async () => {
    await applied('CR-1', stable('1'), { ...stable('2'), channel: '2.0/stable' });
    await submit('CR-2', { ...stable(null), channel: 'stable' });
    await replayTo(capture());
    expect(await status('CR-2')).toMatchObject({
      status: 'capture-refused',
      failures: [
        {
          code: 'ambiguous-channel',
          message: expect.stringContaining('2.0/stable and latest/stable') as unknown,
        },
      ],
    });
  });

  it('gives the one track back that is held, whatever the store calls its default', async () => {
    await applied('CR-1', { ...stable('1'), channel: '2.0/stable' });
    await applied('CR-2', { ...stable(null), channel: 'stable' });
    expect((await types()).filter((type) => type === 'OverrideRemoved')).toHaveLength(2);
  });

  it('gives every architecture of a channel back to upstream', async () => {
    await applied('CR-1', stable('1'));
    await applied('CR-2', { ...stable(null), channel: 'stable' });
    expect((await types()).filter((type) => type === 'OverrideRemoved')).toHaveLength(2);
  });
});

describe('the access policy', () => {
  const deny = (name: string, listed = true): ChangeItem => ({ kind: 'deny', format: 'snap', name, listed });
  const policy = async () => (await writer.load(releasePolicy, releasePolicyStream('default'))).state;

  it('changes with overrides in one append, names resolved to subjects', async () => {
    await applied('CR-1', { kind: 'access', access: 'gated' }, stable('1'), deny('lab-tool'));
    const events = (await all()).filter(({ stream }) => stream === 'release-policy/default');
    expect(events.map(({ type, part }) => `${type} ${part.join('/')}`)).toEqual([
      'AccessPolicySet 1/4',
      'OverrideSet 2/4',
      'OverrideSet 3/4',
      'SnapDenied 4/4',
    ]);
    expect(events.at(-1)?.data).toEqual({
      format: 'snap',
      subject: 'id-of-lab-tool',
      name: 'lab-tool',
      old: null,
      new: 'denied',
      changeRequest: 'CR-1',
    });
  });

  it('goes back to what it was', async () => {
    await applied('CR-1', { kind: 'access', access: 'gated' }, deny('lab-tool'));
    await applied('CR-2', { kind: 'access', access: 'open' }, deny('lab-tool', false));
    expect(await policy()).toMatchObject({ access: 'open', listed: new Map() });
  });

  it('makes a request stale when it moved, and says what was found', async () => {
    await submit('CR-1', deny('lab-tool'));
    await submit('CR-2', { kind: 'allow', format: 'snap', name: 'lab-tool', listed: true });
    await replayTo(capture());
    await approve('CR-1');
    await approve('CR-2');
    await replayTo(apply());
    expect(await status('CR-2')).toMatchObject({
      status: 'stale',
      mismatches: [{ kind: 'listing', subject: 'id-of-lab-tool', expected: null, found: 'denied' }],
    });
  });

  it('refuses a name that means nothing upstream, and to take off what is not listed', async () => {
    await submit('CR-1', deny('no-such'), deny('lab-tool', false));
    await replayTo(capture());
    expect(await status('CR-1')).toMatchObject({
      status: 'capture-refused',
      failures: [
        { item: deny('no-such'), code: 'revision-not-found' },
        { code: 'not-listed', message: "lab-tool is not among the ring's denied snaps" },
      ],
    });
  });

  it('denies a snap that upstream does not give out any more, when the ring holds it', async () => {
    await applied('CR-1', stable('1'));
    const gone: CapturePort = {
      ...catalog,
      identify: () => Promise.reject(new NotThere('revision-not-found', 'upstream has no such snap')),
    };
    await submit('CR-2', deny('lab-hello'));
    await replayTo(captureReactor({ writer, capture: gone, clock }));
    expect(await status('CR-2')).toMatchObject({
      status: 'captured',
      changes: [{ kind: 'listing', subject: 'id-of-lab-hello', new: 'denied' }],
    });
  });
});
