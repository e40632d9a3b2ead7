import { actorName, type CommandContext } from '#kernel';
import { ReleaseControlError } from '../errors.js';
import type { Behind } from './behind.js';
import type { Written } from '../change-request/has-written.js';
import { holdKey, type Held, type HeldNow } from './held.js';
import { requireOtherSigner } from './require-other-signer.js';
import type { HoldEvaluated, HoldOverdueForReview } from './review-events.js';
import type { Holds, HoldState } from './state.js';

/** By the worker, of a hold that is in force; what was said already yields nothing. */
export interface ReviewHold {
  readonly type: 'ReviewHold';
  readonly hold: Held;
  readonly behind: Behind;
  readonly afterDays: number;
  readonly context: CommandContext;
}

export interface EvaluateHold {
  readonly type: 'EvaluateHold';
  readonly ring: string;
  /** All that is held under the name that was said. */
  readonly holds: readonly HeldNow[];
  /** Who wrote the requests by which it is held. */
  readonly wrote: readonly Written[];
  /** What upstream has now, by {@link holdKey}; none where nothing is open. */
  readonly offered: ReadonlyMap<string, string>;
  /** What whoever evaluates it saw that upstream has: of several targets each. */
  readonly seen: readonly string[];
  readonly mitigation: string;
  readonly until: string;
  readonly context: CommandContext;
}

const DAY_MS = 86_400_000;
/** Days: what nobody looks at for longer was not evaluated but forgotten. */
const LONGEST_DAYS = 366;

/** Once for a hold and what upstream has; of what was evaluated, once its time is over, or when yet another one has been there for as long. */
export function review(
  { hold: { target, name, version }, behind, afterDays, context: { at } }: ReviewHold,
  known: HoldState | undefined,
): readonly HoldOverdueForReview[] {
  const isLong = (since: string): boolean => Date.parse(at) - Date.parse(since) >= afterDays * DAY_MS;
  if (!isDue()) return [];
  const days = Math.floor((Date.parse(at) - Date.parse(behind.since)) / DAY_MS);
  return [{ type: 'HoldOverdueForReview', data: { target, name, version, ...behind, at, days, afterDays } }];

  function isDue(): boolean {
    const { review: open = null, evaluation = null } = known ?? {};
    // What was said of it holds until then, whatever upstream had meanwhile.
    if (open === null && evaluation !== null && at >= evaluation.until) return true;
    const told = open ?? evaluation;
    if (told === null) return isLong(behind.since);
    return told.upstream !== behind.upstream && isLong(behind.offeredSince);
  }
}

/** @throws ReleaseControlError `hold-terms-need-a-signer`, `author-cannot-verify`, `wrong-hold-terms`, `upstream-moved` */
export function evaluate(command: EvaluateHold, state: Holds): readonly HoldEvaluated[] {
  const { ring, holds, offered, mitigation, until, context } = command;
  const { actor, at } = context;
  requireOtherSigner(command, 'what stays behind is evaluated by those who sign');
  const left = Date.parse(until) - Date.parse(at);
  if (!(left > 0 && left <= LONGEST_DAYS * DAY_MS))
    throw new ReleaseControlError(
      'wrong-hold-terms',
      `nothing was changed: it may stay until a time that is ahead, within ${LONGEST_DAYS} days, and not until ${until}`,
    );
  const evaluated = holds.flatMap(({ target, name, version }) => {
    const key = holdKey({ target, version });
    const known = state.get(key);
    const upstream = (known?.review ?? known?.evaluation)?.upstream;
    return upstream === undefined
      ? []
      : [{ target, name, version, upstream, seen: offered.get(key) ?? upstream }];
  });
  if (evaluated.length === 0)
    throw new ReleaseControlError(
      'wrong-hold-terms',
      `nothing was changed: nothing of it is overdue for review in the ring ${ring}; "holdfast holds list" shows what is`,
    );
  requireSeen(command.seen, evaluated);
  const by = actorName(actor);
  return evaluated.map((each) => ({ type: 'HoldEvaluated', data: { ...each, mitigation, until, at, by } }));
}

/** Nobody says of what they have not looked at that a ring may go without it. @throws ReleaseControlError `upstream-moved` */
function requireSeen(
  seen: readonly string[],
  evaluated: readonly (Held & { readonly seen: string })[],
): void {
  const unseen = evaluated.filter((each) => !seen.includes(each.seen));
  if (unseen.length === 0) return;
  const has = unseen.map(
    ({ name, target, seen: now }) => `${now} of ${name} on ${target.channel}, ${target.architecture}`,
  );
  throw new ReleaseControlError(
    'upstream-moved',
    `nothing was changed: upstream has ${has.join('; ')}, and ${seen.join(', ')} was looked at: look at what it has, and name that`,
  );
}
