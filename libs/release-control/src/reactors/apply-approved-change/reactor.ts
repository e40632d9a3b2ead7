import type { Clock, EventEnvelope } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { ChangeRequest } from '../../domain/change-request/state.js';
import { ExpectedValueDiffers } from '../../domain/release-policy/expected-value-differs.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { answerTo } from '../answer-to.js';

export interface ApplyReactorPorts {
  readonly writer: StreamWriter;
  readonly clock: Clock;
}

type Approved = Extract<ChangeRequest, { status: 'approved' | 'released' }>;

/**
 * Carries an approval out, or a release before it: the ring's policy takes the change as it was approved, or the request becomes stale. Two streams, so two appends;
 * after a crash between them the policy answers that it has the change already, and only the request's own record is caught up.
 */
export function applyReactor(ports: ApplyReactorPorts) {
  return {
    name: 'apply-approved-change',
    async handle({ envelope }: { readonly envelope: EventEnvelope }): Promise<void> {
      if (envelope.type !== 'ChangeApproved' && envelope.type !== 'EmergencyReleased') return;
      const { state } = await ports.writer.load(changeRequest, envelope.stream);
      if (state.status !== 'approved' && state.status !== 'released') return;
      if (await isRefusedBefore(ports, state)) return;
      await apply(ports, envelope, state);
    },
  };
}

/** Of a release whose ratification was refused before it took effect, nothing is to take effect any more. What the ring has already is caught up with. */
async function isRefusedBefore({ writer }: ApplyReactorPorts, state: Approved): Promise<boolean> {
  if (state.emergency?.ratification !== 'refused') return false;
  const policy = await writer.load(releasePolicy, releasePolicyStream(state.ring));
  return !policy.state.applied.has(state.id);
}

async function apply(
  { writer, clock }: ApplyReactorPorts,
  approval: EventEnvelope,
  state: Approved,
): Promise<void> {
  const policy = releasePolicyStream(state.ring);
  const request = changeRequestStream(state.id);
  const authorisedBy = [approval.id];
  const applied = answerTo(approval, state.id, clock, state.reason, authorisedBy);
  try {
    await writer.decideAndAppend(releasePolicy, policy, {
      type: 'ApplyChange',
      changeRequest: state.id,
      changes: state.changes,
      ...(state.emergency ? { ratifyBy: state.emergency.ratifyBy } : {}),
      context: applied,
    });
  } catch (error) {
    if (!(error instanceof ExpectedValueDiffers)) throw error;
    await writer.decideAndAppend(changeRequest, request, {
      type: 'MarkStale',
      mismatches: error.mismatches,
      context: answerTo(
        approval,
        state.id,
        clock,
        { code: 'policy-moved', text: 'the ring has another choice by now than this was approved against' },
        authorisedBy,
      ),
    });
    return;
  }
  await writer.decideAndAppend(changeRequest, request, { type: 'RecordApplied', policy, context: applied });
}
