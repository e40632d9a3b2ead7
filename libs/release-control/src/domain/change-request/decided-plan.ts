import type { Stage } from './plan.js';
import type { ChangeRequest } from './state.js';

/** A plan whose first ring's signatures are complete, and that has rings which may wait for more. */
export type DecidedPlan = Extract<ChangeRequest, { status: 'approved' | 'scheduled' | 'rolling-out' }> & {
  readonly stages: readonly Stage[];
};

export function isDecidedPlan(state: ChangeRequest): state is DecidedPlan {
  const isDecided =
    state.status === 'approved' || state.status === 'scheduled' || state.status === 'rolling-out';
  return isDecided && state.stages !== undefined;
}
