import type { CommandContext, Decider, DomainEvent } from '#kernel';
import type { Written } from '../change-request/has-written.js';
import type { HoldExpiry } from '../change-request/hold-expiry.js';
import { ReleaseControlError } from '../errors.js';
import { holdKey, type Held, type HeldNow } from './held.js';
import type { HoldEvaluated, HoldOverdueForReview } from './review-events.js';
import { requireOtherSigner } from './require-other-signer.js';
import { evaluate, review, type EvaluateHold, type ReviewHold } from './review.js';
import type { Holds, HoldState, HoldTerms } from './state.js';

export { heldIn, holdKey, type Held, type HeldNow } from './held.js';
export type { HoldTerms } from './state.js';

/** What people said of a ring's holds: its policy says only what is held. */
export function holdsStream(ring: string): string {
  return `holds/${ring}`;
}

export type HoldTermsSet = DomainEvent<
  'HoldTermsSet',
  Held & { readonly old: HoldTerms | null; readonly new: HoldTerms }
>;
/** `days`: so many, at most, are left. */
export type HoldReminded = DomainEvent<
  'HoldReminded',
  Held & { readonly owner: string; readonly expiresAt: string; readonly days: number }
>;
/** It is over. The hold stays, since what a ring gets changes by what was approved only: unless something else was signed with it, which comes about now. */
export type HoldExpired = DomainEvent<
  'HoldExpired',
  Held & {
    readonly owner: string;
    readonly risk: string;
    readonly expiresAt: string;
    /** What was signed to come of it, and by which request; absent where no end was signed. */
    readonly action?: HoldExpiry['action'];
    readonly changeRequest?: string;
  }
>;
export type HoldsEvent = HoldTermsSet | HoldReminded | HoldExpired | HoldOverdueForReview | HoldEvaluated;

export type HoldsCommand = SetHoldTerms | LookAtHold | ReviewHold | EvaluateHold;

export interface SetHoldTerms {
  readonly type: 'SetHoldTerms';
  readonly ring: string;
  /** All that is held under the name that was said. */
  readonly holds: readonly HeldNow[];
  /** Who wrote the requests by which it is held. */
  readonly wrote: readonly Written[];
  readonly terms: HoldTerms;
  readonly context: CommandContext;
}

/** By the worker, of a hold that is in force; what has not come, or was said already, yields nothing. */
export interface LookAtHold {
  readonly type: 'LookAtHold';
  readonly hold: Held;
  /** The end that was signed with it: it counts before one that somebody said afterwards. Null: none was. */
  readonly signed: SignedEnd | null;
  /** Whether the ring is in a freeze: what would give devices something else waits for its end. */
  readonly frozen: boolean;
  readonly context: CommandContext;
}

export interface SignedEnd {
  readonly expiry: HoldExpiry;
  readonly changeRequest: string;
  /** Who asked for it, and why: they answer for it, and this is the risk, where nobody has said terms. */
  readonly author: string;
  readonly reason: string;
}

/** Whether it was said that a hold is over which ends then. */
export function isOver(state: HoldState | undefined, end: string | null): boolean {
  return state !== undefined && state.expired && state.saidOf === end;
}

/** Days before the end, on which the owner is reminded. */
const REMINDERS = [30, 7, 1] as const;
const DAY_MS = 86_400_000;

/** @throws ReleaseControlError `hold-terms-need-a-signer`, `author-cannot-verify`, `wrong-hold-terms` */
function decide(command: HoldsCommand, state: Holds): readonly HoldsEvent[] {
  switch (command.type) {
    case 'SetHoldTerms':
      return setTerms(command, state);
    case 'LookAtHold':
      return look(command, state);
    case 'ReviewHold':
      return review(command, state.get(holdKey(command.hold)));
    case 'EvaluateHold':
      return evaluate(command, state);
  }
}

function setTerms(command: SetHoldTerms, state: Holds): readonly HoldTermsSet[] {
  const {
    holds,
    terms,
    context: { at },
  } = command;
  requireOtherSigner(command, 'a risk is accepted by those who sign');
  if (terms.expiresAt !== null && !(terms.expiresAt > at))
    throw new ReleaseControlError(
      'wrong-hold-terms',
      `nothing was changed: ${terms.expiresAt} is over already`,
    );
  const signed = holds.find(
    ({ expiry }) => expiry && terms.expiresAt !== null && expiry.at !== terms.expiresAt,
  );
  if (signed?.expiry)
    throw new ReleaseControlError(
      'wrong-hold-terms',
      `nothing was changed: that ${signed.name} is held until ${signed.expiry.at} was signed in ${signed.changeRequest}; say null, or ask for another end by a change request`,
    );
  return holds.flatMap(({ target, name, version }) => {
    const held = { target, name, version };
    const old = state.get(holdKey(held))?.terms ?? null;
    return old !== null && sameTerms(old, terms)
      ? []
      : [{ type: 'HoldTermsSet', data: { ...held, old, new: terms } }];
  });
}

function sameTerms(one: HoldTerms, other: HoldTerms): boolean {
  return one.owner === other.owner && one.risk === other.risk && one.expiresAt === other.expiresAt;
}

function look(
  { hold: { target, name, version }, signed, frozen, context: { at } }: LookAtHold,
  state: Holds,
): readonly HoldsEvent[] {
  const hold = { target, name, version };
  const known = state.get(holdKey(hold));
  const terms = endOf(known?.terms ?? null, signed);
  if (!terms) return [];
  const { owner, risk, expiresAt } = terms;
  const said = known?.saidOf === expiresAt ? known : undefined;
  if (said?.expired) return [];
  const left = Date.parse(expiresAt) - Date.parse(at);
  if (left <= 0) {
    if (signed?.expiry.action === 'release' && frozen) return [];
    const comes = signed ? { action: signed.expiry.action, changeRequest: signed.changeRequest } : {};
    return [{ type: 'HoldExpired', data: { ...hold, owner, risk, expiresAt, ...comes } }];
  }
  const due = REMINDERS.findLast((days) => left <= days * DAY_MS);
  const reminded = said?.reminded ?? null;
  if (due === undefined || (reminded !== null && reminded <= due)) return [];
  return [{ type: 'HoldReminded', data: { ...hold, owner, expiresAt, days: due } }];
}

/** When a hold ends, and who answers for it; null: it has no end. */
function endOf(
  terms: HoldTerms | null,
  signed: SignedEnd | null,
): (HoldTerms & { readonly expiresAt: string }) | null {
  if (signed) {
    const { author, reason, expiry } = signed;
    return { owner: terms?.owner ?? author, risk: terms?.risk ?? reason, expiresAt: expiry.at };
  }
  const expiresAt = terms?.expiresAt ?? null;
  return terms && expiresAt !== null ? { ...terms, expiresAt } : null;
}

const NOTHING_SAID = { saidOf: null, reminded: null, expired: false, ended: false } as const;

function evolve(state: Holds, { type, data }: HoldsEvent): Holds {
  const key = holdKey(data);
  const known = state.get(key) ?? { terms: null, ...NOTHING_SAID, review: null, evaluation: null };
  switch (type) {
    case 'HoldTermsSet':
      return new Map(state).set(key, { ...known, ...(known.ended ? {} : NOTHING_SAID), terms: data.new });
    case 'HoldReminded': {
      const { expiresAt: saidOf, days: reminded } = data;
      return new Map(state).set(key, { ...known, saidOf, reminded, expired: false, ended: false });
    }
    case 'HoldExpired': {
      const ended = data.action !== undefined;
      return new Map(state).set(key, {
        ...known,
        saidOf: data.expiresAt,
        reminded: null,
        expired: true,
        ended,
      });
    }
    case 'HoldOverdueForReview': {
      const { upstream, since, at, days } = data;
      return new Map(state).set(key, { ...known, review: { upstream, since, at, days } });
    }
    case 'HoldEvaluated': {
      const { upstream, seen = upstream, mitigation, until, at, by } = data;
      const evaluation = { upstream: seen, mitigation, until, at, by };
      return new Map(state).set(key, { ...known, review: null, evaluation });
    }
  }
}

export const holds: Decider<HoldsCommand, HoldsEvent, Holds> & {
  readonly versions: { readonly [Type in HoldsEvent['type']]: number };
} = {
  initialState: new Map(),
  // Version 2: what was signed to come of it; what upstream had as somebody evaluated it.
  versions: { HoldTermsSet: 1, HoldReminded: 1, HoldExpired: 2, HoldOverdueForReview: 1, HoldEvaluated: 2 },
  decide,
  evolve,
};
