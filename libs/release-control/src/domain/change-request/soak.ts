import type { AccountsKnown } from '#kernel';
import { targetKey } from '../../release-target.js';
import type { SoakRule } from '../approval-policy/soak-rule.js';
import { servedIn, type Served, type ServedSince } from '../release-policy/served-since.js';
import type { ChangeItem } from './change-item.js';
import type { ResolvedChange } from './events.js';
import { hasWritten, type Written } from './has-written.js';
import { lastInForce, ringsOf } from './plan.js';
import { isEmergency, isInForce, type ChangeRequest } from './state.js';

/** What of now decides whether the soak of a rule is over: of the earlier ring, and never of a read model. */
export interface SoakFacts {
  readonly source: ServedSince;
  /** What others made of the change requests that set it there, by the request's id. */
  readonly found: ReadonlyMap<string, Found>;
}

/**
 * What those found who looked at what a request did in a ring; or that nobody has ratified an emergency. `passed-by-own`: by who wrote the request that waits, in whichever of
 * their accounts, who judges nothing that it depends on (R27).
 */
export type Found = 'passed' | 'passed-by-own' | 'failed' | 'unratified';

/** An approved change waits for another ring (ADR 43). */
export interface SoakWait {
  readonly for: 'soak';
  /** The earlier ring. */
  readonly ring: string;
  /** RFC 3339, UTC; null: no time is known, since more than time is missing. */
  readonly until: string | null;
  readonly why: string;
}

/** A version that is to take effect: resolved, or in the words of who asks for it, before it was captured. */
interface Wanted {
  readonly name: string;
  readonly version: string;
  /** In words: channel and architecture. */
  readonly place: string;
  served(source: ServedSince): Served;
}

/** So many reasons are said; of more, how many. */
const MOST_REASONS = 3;
const HOUR_MS = 3_600_000;

/** What versions wait for under a rule; null: nothing. @param at RFC 3339 */
export function soakWait(
  rule: SoakRule,
  facts: SoakFacts,
  { items, changes }: { readonly items: readonly ChangeItem[]; readonly changes?: readonly ResolvedChange[] },
  at: string,
): SoakWait | null {
  const wanted = changes ? changes.flatMap(wantedBy) : items.flatMap(wantedByName);
  const open = wanted.flatMap((each) => {
    const { until, why } = soakOf(rule, facts, each);
    return until !== null && until <= at ? [] : [{ until, why }];
  });
  if (open.length === 0) return null;
  const known = open.flatMap(({ until }) => until ?? []);
  const until = known.length < open.length ? null : (known.sort().at(-1) ?? null);
  return { for: 'soak', ring: rule.ring, until, why: inFew(open.map(({ why }) => why)) };
}

function soakOf(
  { ring, hours, verified }: SoakRule,
  { source, found: looked }: SoakFacts,
  { name, version, place, served }: Wanted,
): { readonly until: string | null; readonly why: string } {
  const found = served(source);
  const what = `${name} ${version}`;
  if (!found.served) return { until: null, why: notServed(found.why, ring, what, place) };
  const said = found.changeRequests.flatMap((id) => looked.get(id) ?? []);
  if (said.includes('unratified'))
    return { until: null, why: `${what} is in ring ${ring} by an emergency that nobody has ratified` };
  if (said.includes('failed'))
    return { until: null, why: `the verification of ${what} failed in ring ${ring}` };
  if (verified && !said.includes('passed')) {
    const who = said.includes('passed-by-own') ? 'nobody but who wrote this request' : 'nobody';
    return { until: null, why: `${who} has verified ${what} in ring ${ring}` };
  }
  const until = new Date(Date.parse(found.since) + hours * HOUR_MS).toISOString();
  return {
    until,
    why: `${what} is in force in ring ${ring} since ${found.since}, and ${hours} hours are asked for`,
  };
}

function notServed(
  why: Extract<Served, { served: false }>['why'],
  ring: string,
  what: string,
  place: string,
): string {
  switch (why) {
    case 'not-held':
      return `ring ${ring} does not hold ${what} on ${place}`;
    case 'ring-halted':
      return `ring ${ring} is halted`;
    case 'halted':
    case 'blocked':
    case 'denied':
      return `${what} is ${why} in ring ${ring}`;
  }
}

/** What is given back to upstream, and whatever sets no version, soaks nowhere. */
function wantedBy(change: ResolvedChange): readonly Wanted[] {
  if (change.kind !== undefined || change.new === null) return [];
  const { name, target } = change;
  const { version } = change.new;
  const place = `${target.channel}, ${target.architecture}`;
  return [{ name, version, place, served: (source) => servedIn(source, target, version) }];
}

/** Before it is captured nobody knows the exact targets: as far as the names say. */
function wantedByName(item: ChangeItem): readonly Wanted[] {
  if (item.kind !== undefined || item.version === null) return [];
  const { name, version, channel, architecture } = item;
  const place = [channel, ...(architecture === undefined ? [] : [architecture])].join(', ');
  const served = (source: ServedSince): Served => {
    const found = [...source.held.values()].find(
      (held) => held.name === name && held.version === version && isFor(held.target, architecture),
    );
    return found ? servedIn(source, found.target, version) : { served: false, why: 'not-held' };
  };
  return [{ name, version, place, served }];
}

function isFor(target: { readonly architecture: string }, architecture: string | undefined): boolean {
  return architecture === undefined || target.architecture === architecture;
}

function inFew(reasons: readonly string[]): string {
  const each = [...new Set(reasons)];
  const more = each.length - MOST_REASONS;
  return [...each.slice(0, MOST_REASONS), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** The requests that set, in the earlier ring, what another one would set: what was found of them counts. */
export function settingIt(source: ServedSince, changes: readonly ResolvedChange[]): readonly string[] {
  const ids = changes.flatMap((change) => {
    if (change.kind !== undefined || change.new === null) return [];
    const held = source.held.get(targetKey(change.target));
    return held?.version === change.new.version ? held.changeRequests : [];
  });
  return [...new Set(ids)];
}

/** Of a request that set something in a ring; undefined: nobody has looked, or the ring never had it. @param waiting the request that waits for the soak */
export function foundIn(
  request: ChangeRequest,
  ring: string,
  waiting: Written,
  known: AccountsKnown,
): Found | undefined {
  if (!isInForce(request) || !ringsOf(request).includes(ring)) return undefined;
  if (isEmergency(request) && request.emergency.ratification !== 'ratified') return 'unratified';
  const isLast = lastInForce(request).ring === ring;
  if (request.status === 'verification-failed' && isLast) return 'failed';
  const stage = request.rollout?.inForce.find((each) => each.ring === ring);
  const looked = stage ? stage.verification : 'verification' in request ? request.verification : undefined;
  if (!looked) return undefined;
  return hasWritten(waiting, looked.by.id, known) ? 'passed-by-own' : 'passed';
}
