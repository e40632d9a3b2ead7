import type { PromotionItem } from '../../domain/change-request/change-item.js';
import { MOST_CHANGES, sameChoice } from '../../domain/change-request/captured-changes.js';
import type { OverrideChange } from '../../domain/change-request/events.js';
import { ReleaseControlError } from '../../domain/errors.js';
import { contentDigest, contentOf } from '../../domain/release-policy/content.js';
import { requireServed } from '../../domain/release-policy/served.js';
import { choiceFor, type ReleasePolicy } from '../../domain/release-policy/state.js';
import { targetKey } from '../../release-target.js';
import type { CapturePort } from './capture-port.js';
import { roomFor } from './room.js';

/**
 * The differences that make a ring hold exactly what an earlier one holds: the same versions with the same captures, which are verified and kept, and nothing else.
 * Upstream is not asked. What the earlier ring holds and does not serve goes no further.
 * @throws ReleaseControlError `expected-value-differs`, `not-a-promotion`, `invalid-items` for more differences than a request takes
 */
export async function promoted(
  { from, ifPolicy }: PromotionItem,
  to: ReleasePolicy,
  source: ReleasePolicy,
  { capture, room }: { readonly capture: CapturePort; readonly room: number },
): Promise<OverrideChange[]> {
  requirePolicy(from, source, ifPolicy);
  const carried = [...source.overrides.values()];
  requireServed(
    from,
    source,
    carried.map(({ name, target: { format, subject } }) => ({ format, subject, name })),
  );
  const targets = new Map(
    [...carried, ...to.overrides.values()].map(({ target, name }) => [targetKey(target), { target, name }]),
  );
  const changed = [...targets.values()]
    .map(({ target, name }) => ({ target, name, old: choiceFor(to, target), new: choiceFor(source, target) }))
    .filter((change) => !sameChoice(change.old, change.new));
  // Before as many captures are compared: asked for again, it is as much.
  if (changed.length > MOST_CHANGES)
    throw new ReleaseControlError(
      'invalid-items',
      `what ring ${from} holds differs from this ring in ${changed.length} targets, and one request takes ${MOST_CHANGES}: give this ring a part of them first, by "holdfast policy apply" or overrides, then promote the rest`,
    );
  const each = Math.min(room, roomFor(changed.length));
  const changes: OverrideChange[] = [];
  for (const change of changed) {
    const { target, old, new: choice } = change;
    if (choice === null) {
      changes.push(change);
      continue;
    }
    const before = old?.manifest ?? null;
    changes.push({
      ...change,
      difference: await capture.compare(target.format, before, choice.manifest, each),
    });
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
