import { decideAction, type Decision, type RingView } from './decide-action.js';
import type { DeviceAction } from './device-action.js';
import type { Indexed } from './read-actions.js';

/** A request with what the policy alone says about it. */
export interface RefreshPlan {
  readonly ring: RingView;
  readonly architecture: string;
  readonly fields: readonly string[] | undefined;
  readonly steps: readonly RefreshStep[];
}

export interface RefreshStep {
  readonly action: DeviceAction;
  readonly decision: Decision;
  /** In the request's `actions`. */
  readonly index: number;
}

/** @throws SnapError `malformed-channel` */
export function planRefresh(
  ring: RingView,
  actions: readonly Indexed<DeviceAction>[],
  fields: readonly string[] | undefined,
  architecture: string,
): RefreshPlan {
  const steps = actions.map(({ action, index }) => ({
    action,
    index,
    decision: decideAction(ring, action, architecture),
  }));
  return { ring, architecture, fields, steps };
}

/** The steps that upstream must be asked about. */
export function stepsToRelay(plan: RefreshPlan): readonly RefreshStep[] {
  return plan.steps.filter(({ decision }) => decision.kind === 'relay');
}
