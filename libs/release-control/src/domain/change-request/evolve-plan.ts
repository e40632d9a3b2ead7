import { isWhole, withPart } from '#kernel';
import { ringsOf, type Rollout, type StageInForce } from './plan.js';
import type { PlanEvent, PlanStopped, StageApplied } from './plan-events.js';
import { require } from './require-status.js';
import type { ChangeRequest } from './state.js';
import { recorded } from './recorded.js';
import { signedPart } from './what-is-kept.js';
import type { Verification } from './verification.js';

/** Folds an event of a release plan in. */
export function evolvePlan(state: ChangeRequest, event: PlanEvent): ChangeRequest {
  switch (event.type) {
    case 'StageSigned':
    case 'StageReviewed': {
      const plan = require(state, 'approved', 'scheduled', 'rolling-out');
      return { ...plan, signatures: [...plan.signatures, recorded(event.data)] };
    }
    case 'StageStarted': {
      const plan = require(state, 'rolling-out');
      return { ...plan, rollout: { ...plan.rollout, starting: event.data.at } };
    }
    case 'StageDeferred': {
      const { rollout, ...plan } = require(state, 'rolling-out');
      return { ...plan, rollout: { inForce: rollout.inForce } };
    }
    case 'StageApplied':
      return stageApplied(require(state, 'approved', 'rolling-out'), event.data);
    case 'StageVerified': {
      const { stage: _, ring: __, ...verification } = event.data;
      return lookedAt(require(state, 'rolling-out'), verification);
    }
    case 'PlanStopped':
      return stopped(require(state, 'rolling-out'), event.data);
  }
}

/** One more ring of a plan has it; the last one makes it effective. */
function stageApplied(
  plan: Extract<ChangeRequest, { status: 'approved' | 'rolling-out' }>,
  { ring, at, policy }: StageApplied['data'],
): ChangeRequest {
  const { stages } = plan;
  if (stages === undefined) throw new Error(`${plan.id} is no plan, and has no rings one after the other`);
  const since = (plan.status === 'approved' ? plan.started : plan.rollout.starting) ?? at;
  const before = plan.rollout?.inForce ?? [];
  const rollout: Rollout = { inForce: [...before, { ring, since, at }] };
  const { rollout: _, ...signed } = signedPart(plan);
  const inForce = { ...signed, stages, rollout, since, policy };
  const isLast = rollout.inForce.length === ringsOf(plan).length;
  return { ...inForce, status: isLast ? 'effective' : 'rolling-out' };
}

/** What somebody found stands with the ring that had it last. */
export function lookedAt<State extends { readonly rollout?: Rollout }>(
  state: State,
  verification: Verification,
): State {
  if (state.rollout === undefined) return state;
  const { inForce } = state.rollout;
  const last = inForce.at(-1);
  const looked: StageInForce[] = last ? [...inForce.slice(0, -1), { ...last, verification }] : [];
  return { ...state, rollout: { ...state.rollout, inForce: looked } };
}

function stopped(
  { turning, ...plan }: Extract<ChangeRequest, { status: 'rolling-out' }>,
  data: PlanStopped['data'],
): ChangeRequest {
  const parts = withPart(turning, data, data.mismatches);
  if (!isWhole(parts)) return { ...plan, turning: parts };
  const rollout: Rollout = { inForce: plan.rollout.inForce };
  return { ...plan, rollout, status: 'stopped', because: data.because, mismatches: parts.elements };
}
