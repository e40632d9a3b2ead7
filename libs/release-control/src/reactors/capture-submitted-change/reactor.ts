import { asText, CodedError, KernelError, type Clock, type EventEnvelope, type Reason } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { CaptureFailure, ChangeSubmitted, ResolvedChange } from '../../domain/change-request/events.js';
import type { ChangeRequest } from '../../domain/change-request/state.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { answerTo } from '../answer-to.js';
import type { CapturePort } from './capture-port.js';
import { resolveItem } from './resolve-item.js';

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

async function answer(
  { writer, capture, clock }: CaptureReactorPorts,
  envelope: EventEnvelope,
  state: Submitted,
): Promise<void> {
  const { state: policy } = await writer.load(releasePolicy, releasePolicyStream(state.ring));
  const changes: ResolvedChange[] = [];
  const failures: CaptureFailure[] = [];
  for (const item of state.items) {
    try {
      changes.push(...(await resolveItem(item, policy, capture)));
    } catch (error) {
      // Anything without a code is a fault of ours, not of the request: the reactor is run again.
      if (!(error instanceof CodedError)) throw error;
      failures.push({ item, code: String(error.code), message: asText(error.message, LONGEST_MESSAGE) });
    }
  }
  const stream = changeRequestStream(state.id);
  const { submission } = state;
  const refuse = (list: readonly CaptureFailure[]) =>
    writer.decideAndAppend(changeRequest, stream, {
      type: 'RefuseCapture',
      submission,
      failures: asManyAsFit(list),
      context: answerTo(envelope, state.id, clock, reasonFor(state)),
    });
  if (failures.length > 0) {
    await refuse(failures);
    return;
  }
  try {
    await writer.decideAndAppend(changeRequest, stream, {
      type: 'ReportCapture',
      submission,
      changes,
      context: answerTo(envelope, state.id, clock, reasonFor(state)),
    });
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    await refuse(
      state.items.map((item) => ({ item, code: error.code, message: `${error.message}; split the request` })),
    );
  }
}

/** What upstream says of a failure is hostile: a message is bounded, and so is the list. An event that cannot be stored would be tried for ever. */
const LONGEST_MESSAGE = 400;
const MOST_FAILURES = 20;

function asManyAsFit(failures: readonly CaptureFailure[]): readonly CaptureFailure[] {
  const shown = failures.slice(0, MOST_FAILURES);
  const more = failures.length - shown.length;
  const last = shown.pop();
  if (!last || more === 0) return failures;
  return [...shown, { ...last, message: `${last.message} (and ${more} more items failed)` }];
}

function reasonFor({ id, submission }: Submitted): Reason {
  return { code: 'capture', text: `submission ${submission} of ${id} asks for it` };
}
