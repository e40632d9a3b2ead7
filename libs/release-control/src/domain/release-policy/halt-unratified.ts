import type { CommandContext } from '#kernel';
import type { ReleasePolicyEvent } from './events.js';
import { idsOf } from './halting.js';
import type { ReleasePolicy } from './state.js';

/** The worker found that what was released in an emergency was not ratified in time, or that its ratification was refused (ADR 0021). */
export interface HaltUnratified {
  readonly type: 'HaltUnratified';
  readonly changeRequest: string;
  /** Ids of who wrote the request, and who released it. */
  readonly concerns: readonly string[];
  /** The halt's id. */
  readonly halt: string;
  readonly context: CommandContext;
}

/**
 * Once for each request, whatever is found how often and whoever resumed since. One that never took effect halts nothing. However often the ring is halted
 * already, this is one more: nobody keeps it from coming by halting.
 */
export function haltUnratified(
  { changeRequest, concerns, halt: id, context }: HaltUnratified,
  { emergencies, halts }: ReleasePolicy,
): ReleasePolicyEvent[] {
  const emergency = emergencies.get(changeRequest);
  if (!emergency || emergency.halt !== null) return [];
  const halt = {
    id,
    at: context.at,
    by: `Holdfast, for ${changeRequest}`,
    why: context.reason.text,
    concerns,
  };
  const old = idsOf(halts);
  return [{ type: 'RingHalted', data: { halt, old, new: [...old, id], unratified: changeRequest } }];
}
