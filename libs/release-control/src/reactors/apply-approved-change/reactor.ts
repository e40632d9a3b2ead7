import type { Clock, EventEnvelope, Reason } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { changesIn, ringsOf } from '../../domain/change-request/plan.js';
import type { StageStarted } from '../../domain/change-request/plan-events.js';
import type { RollingOut } from '../../domain/change-request/stages.js';
import type { ChangeRequest } from '../../domain/change-request/state.js';
import { isOver, latestOf } from '../../domain/change-request/window.js';
import { ExpectedValueDiffers } from '../../domain/release-policy/expected-value-differs.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { TemplateDoesNotApply } from '../../domain/release-policy/templates.js';
import { answerTo } from '../answer-to.js';
import { askStage } from '../roll-out-plan/ask-stage.js';
import { startChange } from '../start-change.js';
import { templateOf, voidTemplateUse, whoSigned } from './by-template.js';
import { whyInACircle, whyTaken, whyWithheld } from './why-not-any-more.js';

export interface ApplyReactorPorts {
  readonly writer: StreamWriter;
  readonly clock: Clock;
}

export type Approved = Extract<ChangeRequest, { status: 'approved' | 'released' }>;

const BEGINNINGS: ReadonlySet<string> = new Set([
  'ChangeApproved',
  'ApprovedByTemplate',
  'ChangeStarted',
  'StageStarted',
  'EmergencyReleased',
  'TicketStateReported',
]);

/**
 * Carries an approval out, or a release before it: says that it begins, so that nobody recalls it any more; then the ring's policy takes the change as it was
 * approved, or the request becomes stale. Two streams, so an append for each step; after a crash between them the policy answers that it has the change
 * already, and only the request's own record is caught up. What is scheduled begins when its time has come: the schedule says so; what waits for its ticket, when its system says that it is approved. A release begins by itself.
 */
export function applyReactor(ports: ApplyReactorPorts) {
  return {
    name: 'apply-approved-change',
    async handle({ envelope }: { readonly envelope: EventEnvelope }): Promise<void> {
      if (!BEGINNINGS.has(envelope.type)) return;
      const { state } = await ports.writer.load(changeRequest, envelope.stream);
      const authorisedBy = await authorising(ports.writer, envelope);
      if (
        state.status === 'approved' ||
        (state.status === 'scheduled' && envelope.type === 'TicketStateReported')
      ) {
        const begun = await begin(ports, envelope, state, authorisedBy);
        if (begun.status !== 'approved' || begun.started === undefined) return;
        if (await hasExpired(ports, envelope, begun, authorisedBy)) return;
        await apply(ports, envelope, begun, authorisedBy);
      }
      if (state.status === 'rolling-out') await applyStage(ports, envelope, state, authorisedBy);
      if (state.status === 'released' && envelope.type !== 'TicketStateReported')
        await applyRelease(ports, envelope, state, authorisedBy);
    },
  };
}

/** Ids of the events that have it begin: the approval's; what was said of its ticket since is beside it. */
async function authorising(writer: StreamWriter, envelope: EventEnvelope): Promise<readonly string[]> {
  switch (envelope.type) {
    case 'ChangeStarted':
    case 'StageStarted':
      return envelope.authorisedBy;
    case 'TicketStateReported': {
      const approval = await writer.newest(envelope.stream, 'ChangeApproved', 'ApprovedByTemplate');
      return approval === undefined ? [] : [approval.id, envelope.id];
    }
    default:
      return [envelope.id];
  }
}

type Released = Extract<ChangeRequest, { status: 'released' }>;

/**
 * What the ring has already is caught up with. Otherwise nothing is to take effect any more that was refused ratification, or whose time is over: it was
 * for that night, and nobody looks out for it now.
 */
async function applyRelease(
  ports: ApplyReactorPorts,
  envelope: EventEnvelope,
  state: Released,
  authorisedBy: readonly string[],
): Promise<void> {
  const { writer, clock } = ports;
  const policy = await writer.load(releasePolicy, releasePolicyStream(state.ring));
  const why = policy.state.applied.has(state.id) ? undefined : whyNotAnyMore(state, clock.now());
  if (why === undefined) {
    await apply(ports, envelope, state, authorisedBy);
    return;
  }
  await writer.decideAndAppend(changeRequest, changeRequestStream(state.id), {
    type: 'MarkStale',
    mismatches: [],
    context: answerTo(envelope, state.id, clock, { code: 'not-any-more', text: why }, authorisedBy),
  });
}

function whyNotAnyMore(state: Released, now: string): string | undefined {
  const { emergency } = state;
  if (emergency.ratification === 'refused') return 'its ratification was refused before it had taken effect';
  if (now > emergency.ratifyBy)
    return `it had not taken effect by ${emergency.ratifyBy}, when it was to be ratified`;
  return isOver(state, now) ? `it was not to take effect after ${latestOf(state)}` : undefined;
}

/** It may have expired, or have been recalled, meanwhile; or its time has not come by the clock as it is now, or the ring's policy has it wait, and the schedule begins it. */
async function begin(
  { writer, clock }: ApplyReactorPorts,
  envelope: EventEnvelope,
  { id, reason }: Pick<Approved, 'id' | 'reason'>,
  approval: readonly string[],
): Promise<ChangeRequest> {
  return startChange(writer, id, answerTo(envelope, id, clock, reason, approval));
}

/** A worker that was away after it had begun: what the ring does not have by its latest time, it does not get. */
async function hasExpired(
  { writer, clock }: ApplyReactorPorts,
  envelope: EventEnvelope,
  state: Approved,
  approval: readonly string[],
): Promise<boolean> {
  const { id, ring } = state;
  if (!isOver(state, clock.now())) return false;
  const policy = await writer.load(releasePolicy, releasePolicyStream(ring));
  if (policy.state.applied.has(id)) return false;
  const reason = { code: 'schedule', text: `not after ${latestOf(state)}, which has passed` };
  const context = answerTo(envelope, id, clock, reason, approval);
  const expire = { type: 'ExpireChange', applied: false, context } as const;
  await writer.decideAndAppend(changeRequest, changeRequestStream(id), expire);
  return true;
}

/** @param authorisedBy the id of the approval, or of the release */
async function apply(
  ports: ApplyReactorPorts,
  envelope: EventEnvelope,
  state: Approved,
  authorisedBy: readonly string[],
): Promise<void> {
  const { writer, clock } = ports;
  const policy = releasePolicyStream(state.ring);
  const request = changeRequestStream(state.id);
  const applied = answerTo(envelope, state.id, clock, state.reason, authorisedBy);
  const not = await whyNotAsSigned(writer, state);
  if (not !== undefined) {
    await writer.decideAndAppend(changeRequest, request, {
      type: 'MarkStale',
      mismatches: [],
      context: answerTo(envelope, state.id, clock, not, authorisedBy),
    });
    return;
  }
  const byTemplate = await templateOf(writer, state);
  try {
    await writer.decideAndAppend(releasePolicy, policy, {
      type: 'ApplyChange',
      changeRequest: state.id,
      changes: changesIn(state, state.ring),
      ...(state.emergency ? { ratifyBy: state.emergency.ratifyBy } : {}),
      approvedBy: whoSigned(state),
      ...(byTemplate === undefined ? {} : { byTemplate }),
      context: applied,
    });
  } catch (error) {
    if (error instanceof TemplateDoesNotApply) {
      await voidTemplateUse(ports, envelope, state, error.reasons);
      return;
    }
    if (!(error instanceof ExpectedValueDiffers)) throw error;
    await writer.decideAndAppend(changeRequest, request, {
      type: 'MarkStale',
      mismatches: error.mismatches,
      context: answerTo(
        envelope,
        state.id,
        clock,
        { code: 'policy-moved', text: 'the ring has another choice by now than this was approved against' },
        authorisedBy,
      ),
    });
    return;
  }
  const type = state.stages === undefined ? 'RecordApplied' : 'RecordFirstStage';
  await writer.decideAndAppend(changeRequest, request, { type, policy, context: applied });
}

/** Why it would not be what was signed any more; undefined: it still is. */
async function whyNotAsSigned(writer: StreamWriter, state: Approved): Promise<Reason | undefined> {
  const looked = [
    ['source-withheld', whyWithheld],
    ['takes-more', whyTaken],
    ['soak-in-a-circle', whyInACircle],
  ] as const;
  for (const [code, why] of looked) {
    const text = await why(writer, state);
    if (text !== undefined) return { code, text };
  }
  return undefined;
}

/**
 * The next ring of a plan takes its part, if nothing came between: the worker may have been away since it was taken on. Where another choice stands there by now,
 * the rest of the plan is stopped.
 */
async function applyStage(
  { writer, clock }: ApplyReactorPorts,
  envelope: EventEnvelope,
  plan: RollingOut,
  authorisedBy: readonly string[],
): Promise<void> {
  if (envelope.type !== 'StageStarted') return;
  const { stage } = envelope.data as unknown as StageStarted['data'];
  const ring = ringsOf(plan)[stage - 1];
  // An event that comes again is of a ring that has it by now, or that waits again.
  const isStarting = plan.rollout.starting !== undefined && stage === plan.rollout.inForce.length + 1;
  if (ring === undefined || !isStarting) return;
  const because = (reason: Reason) => answerTo(envelope, plan.id, clock, reason, authorisedBy);
  const asked = await askStage(writer, plan, because);
  if (asked.status !== 'rolling-out' || asked.rollout.starting === undefined) return;
  const policy = releasePolicyStream(ring);
  const request = changeRequestStream(plan.id);
  const context = because(plan.reason);
  try {
    const changes = changesIn(plan, ring);
    const apply = { type: 'ApplyChange', changeRequest: plan.id, changes, context } as const;
    await writer.decideAndAppend(releasePolicy, policy, apply);
  } catch (error) {
    if (!(error instanceof ExpectedValueDiffers)) throw error;
    const { mismatches } = error;
    const text = `ring ${ring} has another choice by now than this was approved against`;
    const moved = because({ code: 'policy-moved', text });
    const stop = { type: 'StopStages', because: 'policy-moved', mismatches, context: moved } as const;
    await writer.decideAndAppend(changeRequest, request, stop);
    return;
  }
  await writer.decideAndAppend(changeRequest, request, { type: 'RecordStage', stage, policy, context });
}
