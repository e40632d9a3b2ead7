import { inParts } from '#kernel';
import { ReleaseControlError } from '../errors.js';
import type { RecordedSignature, SignersNow } from '../signature.js';
import type { ApprovalPolicy } from '../approval-policy/approval-policy.js';
import { whyNoTicket, whyNotSigned, type TicketRule } from '../approval-policy/ticket-rule.js';
import { allowed, isAllowed, requirePerson } from './allowed.js';
import type { RecallStages, RecordFirstStage, RecordStage, StartStage, StopStages } from './plan-commands.js';
import type { ChangeRequestEvent, Mismatch } from './events.js';
import { requireRecaller } from './in-time.js';
import { changesIn, lastInForce, ringsOf, type Stage, type StageInForce } from './plan.js';
import type { PlanStopped, StopCause } from './plan-events.js';
import { notCountedOf } from './review.js';
import { stageReview } from './review-stages.js';
import type { SoakFacts } from './soak.js';
import type { TrailFacts } from './trail-review.js';
import type { ChangeRequest } from './state.js';
import { waitAt, type Wait } from './waiting.js';
import { isOver, latestOf } from './window.js';

export type RollingOut = Extract<ChangeRequest, { status: 'rolling-out' }>;

/** A plan's next ring: its number, counted from 1 with the first one, what it waits for, and the ring that has the change before it. */
export interface NextStage {
  readonly stage: number;
  readonly next: Stage;
  readonly before: StageInForce;
}

/** @returns undefined where every ring has it */
export function nextStage({
  stages = [],
  rollout,
}: Pick<RollingOut, 'rollout'> & { readonly stages?: readonly Stage[] }): NextStage | undefined {
  const before = rollout.inForce.at(-1);
  const next = stages[rollout.inForce.length - 1];
  return before && next && { stage: rollout.inForce.length + 1, next, before };
}

/** RFC 3339, UTC: when the ring before will have had it for as long as the next one asks. */
export function soakedAt({ next, before }: NextStage): string {
  return new Date(Date.parse(before.at) + next.soakHours * 3_600_000).toISOString();
}

/** What of now decides whether a plan goes on. */
export interface StageFacts extends SignersNow {
  /** RFC 3339, UTC. */
  readonly now: string;
  /** The next ring's, as it is in force. */
  readonly policy: ApprovalPolicy;
  /** How the ring stands that this policy asks for soak in. */
  readonly soak?: SoakFacts | undefined;
  /** How far the trail of the plan is reviewed, where this policy asks for that. */
  readonly trail?: TrailFacts | undefined;
  /** What is halted, of the ring before and of the next one, in words. */
  readonly halted: readonly string[];
}

/** All that a plan's next ring waits for, in words; empty: it begins. */
export function waitsFor(plan: RollingOut, facts: StageFacts): readonly string[] {
  const next = nextStage(plan);
  if (next === undefined) return [];
  const { before } = next;
  const soaked = soakedAt(next);
  const { missing } = reviewOfNext(plan, next, facts);
  const changes = changesIn(plan, next.next.ring);
  const wait = waitAt({ items: plan.items, changes }, facts, facts.now);
  return [
    ...(soaked > facts.now ? [`the end of the time in ring ${before.ring}, at ${soaked}`] : []),
    ...(next.next.verified && before.verification === undefined
      ? [`a verification in ring ${before.ring}`]
      : []),
    ...(wait ? [inWords(wait, next.next.ring)] : []),
    ...ticketMissing(plan, facts.policy),
    ...facts.halted.map((what) => `a resume: ${what}`),
    ...missing.map((what) => `${what}, in ring ${next.next.ring}`),
  ];
}

function inWords(wait: Wait, ring: string): string {
  switch (wait.for) {
    case 'freeze':
      return `the end of the freeze of ring ${ring}, at ${wait.until}: ${wait.why}`;
    case 'trail-review':
      return `a review of the trail that ring ${ring} asks for: ${wait.why}`;
    case 'soak':
      return `the soak in ring ${wait.ring} that ring ${ring} asks for${wait.until === null ? '' : `, until ${wait.until}`}: ${wait.why}`;
  }
}

/** What was turned down in the meantime goes no further; and a ring may ask that it is approved before anything takes effect there. */
function ticketMissing(plan: RollingOut, { ticket: rule }: ApprovalPolicy): readonly string[] {
  const byNow: TicketRule | undefined = rule?.approved ? { ...rule, approved: 'before-signing' } : rule;
  const why = whyNotSigned(byNow, plan);
  if (why === undefined) return [];
  // What is in force somewhere is not revised.
  const instead =
    whyNoTicket(byNow, plan) === undefined ? '' : ' (in force already: recall the rest and ask again)';
  return [`its ticket: ${why}${instead}`];
}

/**
 * The worker takes the next ring on, by the signatures as they count there at this moment (ADR 0017). One that waits for something yields nothing: it is
 * asked again. One that was taken on, by a worker which was away then, is looked at once more, as long as the ring does not have it.
 */
export function startStage(command: StartStage, plan: ChangeRequest): ChangeRequestEvent[] {
  if (!isAllowed(plan, command.type)) return [];
  const started = plan.rollout.starting !== undefined;
  const next = nextStage(plan);
  if (next === undefined || (started && command.applied)) return [];
  const { at } = command.context;
  const notAfter = latestOf(plan);
  if (notAfter !== undefined && isOver(plan, at)) return stop(plan, 'expired', { notAfter });
  const { linked } = command.context;
  const facts: StageFacts = { now: at, linked, ...command };
  const waits = waitsFor(plan, facts);
  const { stage } = next;
  const { ring } = next.next;
  if (started)
    return waits.length === 0 ? [] : [{ type: 'StageDeferred', data: { stage, ring, waitsFor: waits } }];
  if (waits.length > 0) return [];
  const { signatories } = reviewOfNext(plan, next, facts);
  const notCounted = notCountedOf(signatories, signaturesIn(plan.signatures, ring));
  const { version: policyVersion } = command.policy;
  return [{ type: 'StageStarted', data: { stage, ring, at, policyVersion, notCounted } }];
}

function reviewOfNext(plan: RollingOut, { next }: NextStage, { policy, signersNow, linked }: StageFacts) {
  return stageReview(plan, next.ring, { policy, signatures: plan.signatures, signersNow, linked });
}

function signaturesIn(signatures: readonly RecordedSignature[], ring: string): readonly RecordedSignature[] {
  return signatures.map((each) => ({
    ...each,
    roles: each.stages?.find((stage) => stage.ring === ring)?.roles ?? [],
  }));
}

export function firstStageApplied(command: RecordFirstStage, plan: ChangeRequest): ChangeRequestEvent[] {
  if ('rollout' in plan && plan.rollout !== undefined) return [];
  const { id, ring, stages } = allowed(plan, command.type);
  if (stages === undefined)
    throw new ReleaseControlError('not-allowed-in-status', `${id} is no plan: it takes effect in one ring`);
  const { policy, context } = command;
  return [{ type: 'StageApplied', data: { stage: 1, ring, at: context.at, policy } }];
}

/** @throws ReleaseControlError `not-allowed-in-status` for a ring that the worker did not take on */
export function stageApplied(command: RecordStage, plan: ChangeRequest): ChangeRequestEvent[] {
  const { stage, policy, context, type } = command;
  if ('rollout' in plan && plan.rollout !== undefined && plan.rollout.inForce.length >= stage) return [];
  const request = allowed(plan, type);
  const ring = ringsOf(request)[stage - 1];
  if (
    ring === undefined ||
    stage !== request.rollout.inForce.length + 1 ||
    request.rollout.starting === undefined
  )
    throw new ReleaseControlError('not-allowed-in-status', `ring ${stage} of ${request.id} was not taken on`);
  return [{ type: 'StageApplied', data: { stage, ring, at: context.at, policy } }];
}

/**
 * Somebody stops what is to come of a plan. What is in force stays so: that is for another request, or a halt.
 * @throws ReleaseControlError `not-a-recaller`; `not-allowed-in-status`, also while it is taking effect in a ring
 */
export function recallStages({ type, context }: RecallStages, state: ChangeRequest): ChangeRequestEvent {
  const plan = allowed(state, type);
  const person = requirePerson(context);
  requireRecaller(plan, person);
  const { starting } = plan.rollout;
  if (starting !== undefined)
    throw new ReleaseControlError(
      'not-allowed-in-status',
      `${plan.id} is taking effect in the next ring since ${starting}: recall the rest once that ring has it`,
    );
  const [event] = stop(plan, 'recalled', { by: { id: person.id, name: person.name } });
  return event;
}

/** What the ring is not as it was approved for, or what the ring before does not serve any more, never takes effect. */
export function stopStages(
  { type, because, mismatches }: StopStages,
  plan: ChangeRequest,
): ChangeRequestEvent[] {
  return isAllowed(plan, type) ? stop(plan, because, {}, mismatches) : [];
}

function stop(
  plan: RollingOut,
  because: StopCause,
  more: Partial<Pick<PlanStopped['data'], 'by' | 'notAfter'>>,
  mismatches: readonly Mismatch[] = [],
): [PlanStopped, ...PlanStopped[]] {
  const next = nextStage(plan);
  const head = { stage: next?.stage ?? 0, ring: next?.next.ring ?? lastInForce(plan).ring, because, ...more };
  const [first, ...others] = inParts(mismatches).map(({ elements, part }): PlanStopped => {
    return { type: 'PlanStopped', data: { ...head, mismatches: elements, ...part } };
  });
  if (first === undefined) throw new Error('a list has one part at least');
  return [first, ...others];
}
