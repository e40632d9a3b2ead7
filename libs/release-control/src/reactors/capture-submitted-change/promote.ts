import type { PromotionItem } from '../../domain/change-request/change-item.js';
import { sameChoice } from '../../domain/change-request/captured-changes.js';
import type { OverrideChange } from '../../domain/change-request/events.js';
import { ReleaseControlError } from '../../domain/errors.js';
import { contentDigest, contentOf } from '../../domain/release-policy/content.js';
import { choiceFor, listingOf, type ReleasePolicy } from '../../domain/release-policy/state.js';
import { subjectKey, targetKey, type Subject } from '../../release-target.js';
import type { CapturePort } from './capture-port.js';

/**
 * The differences that make a ring hold exactly what an earlier one holds: the same versions with the same captures, which are verified and kept, and nothing else.
 * Upstream is not asked. What the earlier ring holds and does not serve goes no further.
 * @throws ReleaseControlError `expected-value-differs`, `not-a-promotion`
 */
export async function promoted(
  { from, ifPolicy }: PromotionItem,
  to: ReleasePolicy,
  source: ReleasePolicy,
  { capture, room }: { readonly capture: CapturePort; readonly room: number },
): Promise<OverrideChange[]> {
  requirePolicy(from, source, ifPolicy);
  requireServed(from, source);
  const held = [...source.overrides.values(), ...to.overrides.values()];
  const targets = new Map(held.map(({ target, name }) => [targetKey(target), { target, name }]));
  const changes: OverrideChange[] = [];
  for (const { target, name } of targets.values()) {
    const [old, choice] = [choiceFor(to, target), choiceFor(source, target)];
    if (sameChoice(old, choice)) continue;
    const change = { target, name, old, new: choice };
    if (choice === null) {
      changes.push(change);
    } else {
      const before = old?.manifest ?? null;
      changes.push({
        ...change,
        difference: await capture.compare(target.format, before, choice.manifest, room),
      });
    }
  }
  return changes;
}

function requirePolicy(from: string, source: ReleasePolicy, digest: string | undefined): void {
  if (digest === undefined || contentDigest(contentOf(source, 'snap')) === digest) return;
  throw new ReleaseControlError(
    'expected-value-differs',
    `ring ${from} is not as it was looked at (${digest}) any more: look again at what it holds`,
  );
}

function requireServed(from: string, source: ReleasePolicy): void {
  if (source.halts.length > 0) throw withheld(`ring ${from} is halted`);
  for (const { target, name } of source.overrides.values()) {
    const why = whyWithheld(source, target);
    if (why !== undefined) throw withheld(`${name} is ${why} in ring ${from}`);
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
