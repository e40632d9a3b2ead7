import { sameChoice } from '../change-request/captured-changes.js';
import type { OverrideChange } from '../change-request/events.js';
import { changesIn, lastInForce, type StageInForce } from '../change-request/plan.js';
import { isInForce, type ChangeRequest, type InForce } from '../change-request/state.js';
import { ReleaseControlError } from '../errors.js';
import type { ReleaseTarget } from '../../release-target.js';
import { choiceFor, type ReleasePolicy } from './state.js';

/** A target that a request changed, and what it had before. Versions; null: upstream decides. */
export interface WayBack {
  readonly name: string;
  readonly target: ReleaseTarget;
  /** What the request set. */
  readonly from: string | null;
  /** What the ring had before it, which is what comes back. */
  readonly to: string | null;
  /** What the ring has now; another than {@link from} where somebody changed it since. */
  readonly inForce: string | null;
  readonly movedOn: boolean;
  readonly epochs: Epochs;
}

/**
 * As the record has them, from the capture manifests of the two versions. `same`: they do not differ. `unknown`: nothing was captured to compare, as upstream
 * decided before, or the record is from before versions were compared.
 */
export type Epochs = 'same' | 'unknown' | { readonly from: string; readonly to: string };

/**
 * The way back from a request that took effect, in one of the rings that have it: of the history alone, its own stream and the ring's.
 * @throws ReleaseControlError `nothing-to-roll-back` for one that changed no override
 */
export function wayBack(
  request: InForce,
  policy: ReleasePolicy,
  ring: string = request.ring,
): readonly WayBack[] {
  const changes = changesIn(request, ring).filter((change) => change.kind === undefined);
  if (changes.length === 0)
    throw new ReleaseControlError(
      'nothing-to-roll-back',
      'the request changed no override: ask for the opposite of what it did',
    );
  return changes.map((change) => {
    const { name, target } = change;
    const now = choiceFor(policy, target);
    return {
      name,
      target,
      from: change.new?.version ?? null,
      to: change.old?.version ?? null,
      inForce: now?.version ?? null,
      movedOn: !sameChoice(now, change.new),
      epochs: epochsOf(change),
    };
  });
}

/** @throws ReleaseControlError `no-such-change-request`; `not-allowed-in-status` for one that never took effect */
export function requireInForce(request: ChangeRequest): InForce {
  if (request.status === 'none')
    throw new ReleaseControlError('no-such-change-request', 'there is no such change request');
  if (isInForce(request)) return request;
  throw new ReleaseControlError(
    'not-allowed-in-status',
    `${request.id} is ${request.status}: it never took effect, so that there is nothing to roll back, and no device has it by it`,
  );
}

/**
 * The ring that is to go back: the one that is named, or the one that has it last.
 * @throws ReleaseControlError `not-allowed-in-status` for one that does not have it
 */
export function requireRingInForce(
  request: InForce,
  ring: string | undefined,
): { readonly ring: string; readonly since?: string } {
  const last: { readonly ring: string; readonly since?: string } = lastInForce(request);
  if (ring === undefined || ring === last.ring) return last;
  const inForce: readonly StageInForce[] = request.rollout?.inForce ?? [];
  const found = inForce.find((each) => each.ring === ring);
  if (found) return found;
  throw new ReleaseControlError(
    'not-allowed-in-status',
    `${request.id} is not in force in ring ${ring}, but in ${inForce.map((each) => each.ring).join(', ') || last.ring}`,
  );
}

/** The record's difference leads from old to new, and the way back from new to old. */
function epochsOf({ old, new: choice, difference }: OverrideChange): Epochs {
  if (!difference || !old || !choice) return 'unknown';
  const line = difference.lines.find(({ what }) => what === 'epoch');
  if (line) return { from: line.new ?? 'unknown', to: line.old ?? 'unknown' };
  return difference.omitted === undefined ? 'same' : 'unknown';
}
