import { decodeEvent, uuidv7, type Clock } from '#kernel';
import { currentRequestId } from '#platform/http/request-id';
import type { EventStore } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import {
  changeRequest,
  changeRequestStream,
  servingChangeRequest,
} from '../../domain/change-request/change-request.js';
import { askStage } from './ask-stage.js';

export interface StageReactorPorts {
  readonly writer: StreamWriter;
  readonly store: EventStore;
  readonly clock: Clock;
}

/** Has a plan begin in its next ring, if nothing is missing. Asked again, it does it once. */
export async function startStage({ writer, store, clock }: StageReactorPorts, id: string): Promise<void> {
  const stream = changeRequestStream(id);
  const { state } = await writer.load(changeRequest, stream);
  if (state.status !== 'rolling-out' || state.rollout.starting !== undefined) return;
  const authorisedBy = await approvalsOf(store, stream);
  await askStage(writer, state, (reason) => ({
    at: clock.now(),
    actor: servingChangeRequest(id, 'worker'),
    reason,
    cause: uuidv7(),
    correlation: currentRequestId(),
    authorisedBy,
  }));
}

/** Ids of the events by which a plan was approved, and by which more signed for its later rings. */
async function approvalsOf(store: EventStore, stream: string): Promise<readonly string[]> {
  const approvals: string[] = [];
  for await (const { bytes } of store.readStream(stream)) {
    const { id, type } = decodeEvent(bytes);
    if (type === 'ChangeApproved' || type === 'StageSigned') approvals.push(id);
  }
  return approvals;
}
