import type { Clock, EventEnvelope } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { dueOf } from '../../domain/change-request/due.js';
import { schedule, SCHEDULE_STREAM, type Due } from '../../domain/schedule/schedule.js';
import { answerTo } from '../answer-to.js';

export interface SchedulePorts {
  readonly writer: StreamWriter;
  readonly clock: Clock;
}

const STREAMS = changeRequestStream('');

/**
 * Keeps the schedule: after each event of a request, what the request waits for. Of one that waits for nothing, which is most of them, nothing is recorded.
 */
export function noteDueReactor({ writer, clock }: SchedulePorts) {
  return {
    name: 'note-due-changes',
    async handle({ envelope }: { readonly envelope: EventEnvelope }): Promise<void> {
      if (!envelope.stream.startsWith(STREAMS)) return;
      const { state } = await writer.load(changeRequest, envelope.stream);
      if (state.status === 'none') return;
      const next = dueOf(state);
      const { state: waiting } = await writer.load(schedule, SCHEDULE_STREAM);
      const known = waiting.get(state.id);
      if (next === null && !known) return;
      // A start is noted with the approval that it is authorised by, or not yet: the approval comes by here as well.
      if (next?.does === 'start' && envelope.type !== 'ChangeApproved' && known?.does !== 'start') return;
      const due: Due | null = next && { ...next, authorisedBy: approvalOf(envelope, next.does, known) };
      await writer.decideAndAppend(schedule, SCHEDULE_STREAM, {
        changeRequest: state.id,
        due,
        context: answerTo(envelope, state.id, clock, {
          code: 'schedule',
          text: due
            ? `${state.id} is to ${due.does} at ${due.at}`
            : `${state.id} is ${state.status}, and waits for no time any more`,
        }),
      });
    },
  };
}

/** The event that approved it; for whatever happens later, as it was noted. */
function approvalOf(envelope: EventEnvelope, does: Due['does'], known: Due | undefined): readonly string[] {
  if (does === 'expire') return [];
  return envelope.type === 'ChangeApproved' ? [envelope.id] : (known?.authorisedBy ?? []);
}
