import { subjectKey, type Subject } from '../../release-target.js';
import { ReleaseControlError } from '../errors.js';
import { listingOf, type ReleasePolicy } from './state.js';

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

function whyWithheld(policy: ReleasePolicy, subject: Subject): string | undefined {
  if (policy.halted.has(subjectKey(subject))) return 'halted';
  if (policy.blocked.has(subjectKey(subject))) return 'blocked';
  return listingOf(policy, subject) === 'denied' ? 'denied' : undefined;
}

function withheld(what: string): ReleaseControlError {
  return new ReleaseControlError('not-a-promotion', `${what}: what is not served there goes no further`);
}
