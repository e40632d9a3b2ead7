import type { ResolvedChange } from '../change-request/events.js';
import { subjectKey } from '../../release-target.js';
import { standsIn } from './stands-in.js';
import { listingOf, type ReleasePolicy } from './state.js';

/**
 * What is halted of what a plan changes in a ring, in words: it waits until that is resumed.
 * @param changes those of the plan that are of the ring
 */
export function haltedIn(
  ring: string,
  policy: ReleasePolicy,
  changes: readonly ResolvedChange[],
): readonly string[] {
  if (policy.halts.length > 0) return [`ring ${ring} is halted`];
  const names = overridesOf(changes)
    .filter(({ target }) => policy.halted.has(subjectKey(target)))
    .map(({ name }) => name);
  return [...new Set(names)].map((name) => `${name} is halted in ring ${ring}`);
}

/**
 * Why a plan goes no further, since the ring that has it last does not serve it any more: somebody changed it there, denied it, or it was blocked.
 * @param changes those of the plan that are of the ring
 * @returns undefined: it does
 */
export function withheldIn(
  ring: string,
  policy: ReleasePolicy,
  changes: readonly ResolvedChange[],
): string | undefined {
  for (const change of overridesOf(changes)) {
    const { name, target } = change;
    if (!standsIn(policy, change)) return `ring ${ring} has another choice for ${name} by now`;
    if (policy.blocked.has(subjectKey(target))) return `${name} is blocked in ring ${ring}`;
    if (listingOf(policy, target) === 'denied') return `${name} is denied in ring ${ring}`;
  }
  return undefined;
}

function overridesOf(changes: readonly ResolvedChange[]) {
  return changes.filter((change) => change.kind === undefined);
}
