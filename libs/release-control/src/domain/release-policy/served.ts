import { subjectKey, type Subject } from '../../release-target.js';
import { sameChoice } from '../change-request/captured-changes.js';
import { whyOver } from '../change-request/hold-expiry.js';
import { ReleaseControlError } from '../errors.js';
import { choiceFor, listingOf, type ReleasePolicy } from './state.js';

/**
 * What a ring holds and does not serve goes no further.
 * @param subjects of what is carried on, with what they go by
 * @throws ReleaseControlError `not-a-promotion`
 */
export function requireServed(
  ring: string,
  policy: ReleasePolicy,
  subjects: readonly (Subject & { readonly name: string })[],
): void {
  if (policy.halts.length > 0) throw withheld(`ring ${ring} is halted`);
  for (const subject of subjects) {
    const why = whyWithheld(policy, subject);
    if (why !== undefined) throw withheld(`${subject.name} is ${why} in ring ${ring}`);
  }
}

/**
 * What a ring holds beyond its end, as it does where people are only told, goes no further: the later ring would hold it as if nobody had named an end.
 * @param to the policy of the ring that it would be carried on to: what that one holds already is not carried on
 * @param now RFC 3339
 * @throws ReleaseControlError `not-a-promotion`
 */
export function requireEndsAhead(ring: string, policy: ReleasePolicy, to: ReleasePolicy, now: string): void {
  for (const { name, target, expiry } of policy.overrides.values()) {
    if (!expiry || sameChoice(choiceFor(to, target), choiceFor(policy, target))) continue;
    const over = whyOver(`${name} on ${target.channel} for ${target.architecture}`, expiry, now);
    if (over === undefined) continue;
    throw new ReleaseControlError(
      'not-a-promotion',
      `${over}: ring ${ring} holds it with that end, so give it another one there first`,
    );
  }
}

function whyWithheld(policy: ReleasePolicy, subject: Subject): string | undefined {
  if (policy.halted.has(subjectKey(subject))) return 'halted';
  if (policy.blocked.has(subjectKey(subject))) return 'blocked';
  return listingOf(policy, subject) === 'denied' ? 'denied' : undefined;
}

function withheld(what: string): ReleaseControlError {
  return new ReleaseControlError('not-a-promotion', `${what}: what is not served there goes no further`);
}
