import type { Clock, EventEnvelope } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { answerTo } from '../answer-to.js';

/**
 * Once a request is approved that says which other one it takes the place of, that one is over, by the authority of the approval: who signed has read it in
 * the record. Whether it still can be is the other's to decide, and so is whether it was said before.
 */
export function supersedeReactor({
  writer,
  clock,
}: {
  readonly writer: StreamWriter;
  readonly clock: Clock;
}) {
  return {
    name: 'supersede-change',
    async handle({ envelope }: { readonly envelope: EventEnvelope }): Promise<void> {
      if (envelope.type !== 'ChangeApproved') return;
      const { state } = await writer.load(changeRequest, envelope.stream);
      if (state.status === 'none' || state.supersedes === undefined) return;
      const { id, supersedes } = state;
      const reason = { code: 'superseded', text: `${id}, which takes its place, was approved` };
      await writer.decideAndAppend(changeRequest, changeRequestStream(supersedes), {
        type: 'SupersedeChange',
        by: id,
        context: answerTo(envelope, supersedes, clock, reason, [envelope.id]),
      });
    },
  };
}
