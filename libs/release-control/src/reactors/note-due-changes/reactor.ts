import type { Clock, EventEnvelope } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { dueOf } from '../../domain/change-request/due.js';
import type { ChangeDeferred } from '../../domain/change-request/life-events.js';
import type { ChangeRequest } from '../../domain/change-request/state.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { schedule, SCHEDULE_STREAM, type Due } from '../../domain/schedule/schedule.js';
import { answerTo } from '../answer-to.js';
import { startChange } from '../start-change.js';

export interface SchedulePorts {
  readonly writer: StreamWriter;
  readonly clock: Clock;
}

const STREAMS = changeRequestStream('');

/**
 * Keeps the schedule: after each event of a request, what the request waits for. Of one that waits for nothing, which is most of them, nothing is recorded. What waits for the policy of
 * its ring is looked at again when that is changed: here, where the schedule has all that was deferred before.
 */
export function noteDueReactor(ports: SchedulePorts) {
  const { writer, clock } = ports;
  return {
    name: 'note-due-changes',
    async handle({ envelope }: { readonly envelope: EventEnvelope }): Promise<void> {
      if (envelope.type === 'ApprovalPolicySet') await lookAgain(ports, envelope);
      if (!envelope.stream.startsWith(STREAMS)) return;
      const { state } = await writer.load(changeRequest, envelope.stream);
      if (state.status === 'none') return;
      const next = dueOf(state);
      const { state: waiting } = await writer.load(schedule, SCHEDULE_STREAM);
      const known = waiting.get(state.id);
      if (next === null && !known) return;
      // A ring of a plan is waited for from the event on by which the ring before has it; what authorises it is looked up when it begins.
      const isOfStage = envelope.type === 'StageApplied' || envelope.type === 'StageDeferred';
      if (next?.does === 'start-stage' && !isOfStage && known?.does !== 'start-stage') return;
      // A start is noted with the approval that it is authorised by, or not yet: the approval comes by here as well.
      const approval = approvalIn(envelope) ?? (isStart(known) ? known?.authorisedBy : undefined);
      if (isStart(next) && approval === undefined) return;
      const authorisedBy = isStart(next) ? (approval ?? []) : [];
      const due: Due | null = next && { ...next, authorisedBy };
      await writer.decideAndAppend(schedule, SCHEDULE_STREAM, {
        changeRequest: state.id,
        due,
        context: answerTo(envelope, state.id, clock, {
          code: 'schedule',
          text: due
            ? `${state.id} is to ${DOES[due.does]} ${due.at}`
            : `${state.id} is ${state.status}, and waits for no time any more`,
        }),
      });
      if (envelope.type === 'ChangeDeferred' && due) await beginIfMoved(ports, envelope, state, due);
    },
  };
}

const POLICY_CHANGED = { code: 'schedule', text: 'the approval policy of its ring is another one by now' };

/** What waits for something that a ring's policy asked for may not have to wait any more, or for less long. */
async function lookAgain({ writer, clock }: SchedulePorts, envelope: EventEnvelope): Promise<void> {
  const { state: waiting } = await writer.load(schedule, SCHEDULE_STREAM);
  for (const [id, due] of waiting) {
    if (!isStart(due)) continue;
    const { state } = await writer.load(changeRequest, changeRequestStream(id));
    if (state.status !== 'scheduled' || state.waits === undefined) continue;
    if (releasePolicyStream(state.ring) !== envelope.stream) continue;
    await startChange(writer, id, answerTo(envelope, id, clock, POLICY_CHANGED, due.authorisedBy));
  }
}

/** It was deferred while the policy was being changed: the change has been looked at before the request was in the schedule. */
async function beginIfMoved(
  { writer, clock }: SchedulePorts,
  envelope: EventEnvelope,
  { id, ring }: Exclude<ChangeRequest, { status: 'none' }>,
  { authorisedBy }: Due,
): Promise<void> {
  const { policyVersion } = envelope.data as unknown as ChangeDeferred['data'];
  const { state } = await writer.load(releasePolicy, releasePolicyStream(ring));
  if (state.approval.version === policyVersion) return;
  await startChange(writer, id, answerTo(envelope, id, clock, POLICY_CHANGED, authorisedBy));
}

/** Ids of what approved it: the event itself, or what the worker said that it deferred it under. */
function approvalIn({ type, id, authorisedBy }: EventEnvelope): readonly string[] | undefined {
  if (type === 'ChangeApproved' || type === 'ApprovedByTemplate') return [id];
  return type === 'ChangeDeferred' ? authorisedBy : undefined;
}

const DOES: Readonly<Record<Due['does'], string>> = {
  start: 'start at',
  'start-soaked': 'start once the soak that it waits for is over, and is asked from then on:',
  'start-reviewed': 'start once the trail of it is reviewed, and is asked from then on:',
  expire: 'expire at',
  'start-stage': 'start in its next ring, at the earliest, at',
};

function isStart(due: Pick<Due, 'does'> | null | undefined): boolean {
  return due?.does === 'start' || due?.does === 'start-soaked' || due?.does === 'start-reviewed';
}
