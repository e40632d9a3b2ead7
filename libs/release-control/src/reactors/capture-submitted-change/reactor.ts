import { asText, CodedError, KernelError, type Clock, type EventEnvelope, type Reason } from '#kernel';
import { EventStoreError } from '#event-store/port';
import { knownPerson } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { ChangeItem } from '../../domain/change-request/change-item.js';
import type { CaptureFailure, ChangeSubmitted, ResolvedChange } from '../../domain/change-request/events.js';
import type { ReportCapture } from '../../domain/change-request/commands.js';
import { ringsOf } from '../../domain/change-request/plan.js';
import type { ChangeRequest } from '../../domain/change-request/state.js';
import { templateIn } from '../../domain/release-policy/templates.js';
import type { ReleasePolicy } from '../../domain/release-policy/state.js';
import { templateFacts } from '../../template-facts.js';
import { answerTo } from '../answer-to.js';
import { membershipOf } from '../membership-of.js';
import { captureOnce } from './capture-once.js';
import type { CapturePort } from './capture-port.js';
import { inLanes } from './in-lanes.js';
import { resolveItem } from './resolve-item.js';
import { roomFor } from './room.js';

export interface CaptureReactorPorts {
  readonly writer: StreamWriter;
  readonly capture: CapturePort;
  readonly clock: Clock;
}

type Submitted = Extract<ChangeRequest, { status: 'submitted' }>;

/**
 * Answers a submission: resolves each item to exact targets, has them captured, and reports either all of them or what failed.
 * A crash before the report means that it is done again; kept blobs are content-addressed and the report is taken once.
 */
export function captureReactor(ports: CaptureReactorPorts) {
  return {
    name: 'capture-submitted-change',
    async handle({ envelope }: { readonly envelope: EventEnvelope }): Promise<void> {
      if (envelope.type !== 'ChangeSubmitted') return;
      const { submission } = envelope.data as unknown as ChangeSubmitted['data'];
      const { state } = await ports.writer.load(changeRequest, envelope.stream);
      if (state.status !== 'submitted' || state.submission !== submission) return;
      await answer(ports, envelope, state);
    },
  };
}

/** Each waits for upstream most of the time, and may stream a file to disk. */
const SNAPS_AT_A_TIME = 4;

/** The request is refused by then: an upstream that is ill would have the rest wait for nothing. */
const ENOUGH_FAILURES = 20;

/** What upstream says of a failure is hostile: an event that cannot be stored would be tried for ever. */
const LONGEST_MESSAGE = 400;

async function answer(
  { writer, capture: port, clock }: CaptureReactorPorts,
  envelope: EventEnvelope,
  state: Submitted,
): Promise<void> {
  const capture = captureOnce(port);
  const people = (login: string) => knownPerson(writer, login);
  const rings = ringsOf(state);
  const room = roomFor(state.items.length * rings.length);
  const membership = membershipOf(writer);
  const resolving = { capture, membership, room, ring: state.ring, people };
  const failures: CaptureFailure[] = [];
  const policies = new Map(
    await Promise.all(rings.map(async (ring) => [ring, await membership.policyOf(ring)] as const)),
  );
  const resolve = async (item: ChangeItem): Promise<readonly ResolvedChange[]> => {
    const changes: ResolvedChange[] = [];
    for (const [ring, policy] of policies) {
      try {
        const inRing = await resolveItem(item, policy, { ...resolving, ring });
        changes.push(...(ring === state.ring ? inRing : inRing.map((change) => ofStage(ring, change))));
      } catch (error) {
        // Anything without a code is a fault of ours, not of the request: the reactor is run again.
        if (!(error instanceof CodedError)) throw error;
        const where = rings.length === 1 ? '' : `ring ${ring}: `;
        const message = asText(`${where}${error.message}`, LONGEST_MESSAGE);
        failures.push({ item, code: String(error.code), message });
        return [];
      }
    }
    return changes;
  };
  const isEnough = () => failures.length >= ENOUGH_FAILURES;
  const resolved = await inLanes(state.items, snapOf, SNAPS_AT_A_TIME, resolve, isEnough);
  const stream = changeRequestStream(state.id);
  const { submission } = state;
  const signed = state.use === undefined ? [] : await useEvent(writer, envelope);
  const context = answerTo(envelope, state.id, clock, reasonFor(state), signed);
  const refuse = (list: readonly CaptureFailure[], untried: number) =>
    writer.decideAndAppend(changeRequest, stream, {
      type: 'RefuseCapture',
      submission,
      failures: list,
      untried,
      context,
    });
  if (failures.length > 0) {
    await refuse(inOrderOf(state.items, failures), state.items.length - resolved.length);
    return;
  }
  const changes = resolved.flat();
  const template = await factsOf(writer, state, await membership.policyOf(state.ring), changes);
  try {
    await writer.decideAndAppend(changeRequest, stream, {
      type: 'ReportCapture',
      submission,
      changes,
      ...(template === undefined ? {} : { template }),
      context,
    });
  } catch (error) {
    if (!cannotBeStored(error)) throw error;
    const message = `${error.message}; split the request`;
    await refuse(
      state.items.map((item) => ({ item, code: error.code, message })),
      0,
    );
  }
}

/** What decides whether a standard change is approved by its template, of this moment; undefined: it is none. */
async function factsOf(
  writer: StreamWriter,
  { ring, template, use, author, earlierAuthors = [] }: Submitted,
  policy: ReleasePolicy,
  changes: readonly ResolvedChange[],
): Promise<ReportCapture['template']> {
  if (template === undefined || use === undefined) return undefined;
  const facts = await templateFacts(writer, { ring, template, use, author, earlierAuthors }, policy, changes);
  return { ...templateIn(policy, template, changes), ...facts, policy: policy.approval };
}

/** Id of the event by which a standard change was signed: it authorises what comes of it. */
async function useEvent(writer: StreamWriter, { stream, cause }: EventEnvelope): Promise<readonly string[]> {
  const signed = await writer.newest(stream, 'TemplateUseSigned');
  return signed?.cause === cause ? [signed.id] : [];
}

/** A plan is of overrides alone, and of the blocks that these lift. */
function ofStage(ring: string, change: ResolvedChange): ResolvedChange {
  return change.kind === undefined || change.kind === 'block' ? { ...change, ring } : change;
}

/** Items of one snap come one after the other: they have assertions in common. */
function snapOf(item: ChangeItem): string {
  return 'name' in item ? item.name : '';
}

/** They fail in the order in which upstream answers. */
function inOrderOf(items: readonly ChangeItem[], failures: readonly CaptureFailure[]): CaptureFailure[] {
  const order = new Map(items.map((item, i) => [item, i]));
  return failures.toSorted((a, b) => (order.get(a.item) ?? 0) - (order.get(b.item) ?? 0));
}

/** As it is, it never will be: an event or an append is too large, or holds what is no text. */
function cannotBeStored(error: unknown): error is CodedError<string> {
  return (
    error instanceof KernelError || (error instanceof EventStoreError && error.code === 'append-too-large')
  );
}

function reasonFor({ id, submission }: Submitted): Reason {
  return { code: 'capture', text: `submission ${submission} of ${id} asks for it` };
}
