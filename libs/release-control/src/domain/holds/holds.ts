import { actorName, rolesIn, type CommandContext, type Decider, type DomainEvent } from '#kernel';
import { targetKey, type ReleaseTarget } from '../../release-target.js';
import { ReleaseControlError } from '../errors.js';
import type { ReleasePolicy } from '../release-policy/state.js';

/** What people said of a ring's holds: its policy says only what is held. */
export function holdsStream(ring: string): string {
  return `holds/${ring}`;
}

/** Who answers for a hold, which risk was accepted with it, and until when. */
export type HoldTerms = {
  /** A login. */
  readonly owner: string;
  /** Why it is acceptable not to take what upstream has. */
  readonly risk: string;
  /** RFC 3339, UTC; null: for as long as the hold. */
  readonly expiresAt: string | null;
};

/** A hold: a target and the version that it is held at. Of another version nothing was said yet. */
export interface Held {
  readonly target: ReleaseTarget;
  readonly name: string;
  readonly version: string;
}

/** All that a ring's policy holds. */
export function heldIn({ overrides }: ReleasePolicy): readonly Held[] {
  return [...overrides.values()].map(({ target, name, version }) => ({ target, name, version }));
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
/** It is over, and the hold stays: what a ring gets changes by a change request only. */
export type HoldExpired = DomainEvent<
  'HoldExpired',
  Held & { readonly owner: string; readonly risk: string; readonly expiresAt: string }
>;
export type HoldsEvent = HoldTermsSet | HoldReminded | HoldExpired;

export interface SetHoldTerms {
  readonly type: 'SetHoldTerms';
  readonly ring: string;
  /** All that is held under the name that was said. */
  readonly holds: readonly Held[];
  readonly terms: HoldTerms;
  readonly context: CommandContext;
}

/** By the worker, of a hold that is in force; what has not come, or was said already, yields nothing. */
export interface LookAtHold {
  readonly type: 'LookAtHold';
  readonly hold: Held;
  readonly context: CommandContext;
}

export interface HoldState {
  readonly terms: HoldTerms;
  /** The fewest days that were reminded of; null: none yet. */
  readonly reminded: number | null;
  readonly expired: boolean;
}

/** By {@link holdKey}. */
export type Holds = ReadonlyMap<string, HoldState>;

export function holdKey({ target, version }: Pick<Held, 'target' | 'version'>): string {
  return `${targetKey(target)} ${version}`;
}

/** Days before the end, on which the owner is reminded. */
const REMINDERS = [30, 7, 1] as const;
const DAY_MS = 86_400_000;

/** @throws ReleaseControlError `role-required`, `wrong-hold-terms` */
function decide(command: SetHoldTerms | LookAtHold, state: Holds): readonly HoldsEvent[] {
  switch (command.type) {
    case 'SetHoldTerms':
      return setTerms(command, state);
    case 'LookAtHold':
      return look(command, state);
  }
}

function setTerms(
  { ring, holds, terms, context: { actor, at } }: SetHoldTerms,
  state: Holds,
): readonly HoldTermsSet[] {
  const may =
    actor.kind === 'person' &&
    rolesIn(actor.roles, ring).some((role) => role === 'approver' || role === 'qa');
  if (!may)
    throw new ReleaseControlError(
      'hold-terms-need-a-signer',
      `${actorName(actor)} has neither the role approver nor qa in the ring ${ring}: a risk is accepted by those who sign`,
    );
  if (terms.expiresAt !== null && !(terms.expiresAt > at))
    throw new ReleaseControlError(
      'wrong-hold-terms',
      `nothing was changed: ${terms.expiresAt} is over already`,
    );
  return holds.flatMap((held) => {
    const old = state.get(holdKey(held))?.terms ?? null;
    return old !== null && sameTerms(old, terms)
      ? []
      : [{ type: 'HoldTermsSet', data: { ...held, old, new: terms } }];
  });
}

function sameTerms(one: HoldTerms, other: HoldTerms): boolean {
  return one.owner === other.owner && one.risk === other.risk && one.expiresAt === other.expiresAt;
}

function look({ hold, context: { at } }: LookAtHold, state: Holds): readonly HoldsEvent[] {
  const known = state.get(holdKey(hold));
  if (!known || known.expired || known.terms.expiresAt === null) return [];
  const { owner, risk, expiresAt } = known.terms;
  const left = Date.parse(expiresAt) - Date.parse(at);
  if (left <= 0) return [{ type: 'HoldExpired', data: { ...hold, owner, risk, expiresAt } }];
  const due = REMINDERS.findLast((days) => left <= days * DAY_MS);
  if (due === undefined || (known.reminded !== null && known.reminded <= due)) return [];
  return [{ type: 'HoldReminded', data: { ...hold, owner, expiresAt, days: due } }];
}

function evolve(state: Holds, { type, data }: HoldsEvent): Holds {
  const key = holdKey(data);
  const known = state.get(key);
  switch (type) {
    case 'HoldTermsSet':
      return new Map(state).set(key, { terms: data.new, reminded: null, expired: false });
    case 'HoldReminded':
      return known ? new Map(state).set(key, { ...known, reminded: data.days }) : state;
    case 'HoldExpired':
      return known ? new Map(state).set(key, { ...known, expired: true }) : state;
  }
}

export const holds: Decider<SetHoldTerms | LookAtHold, HoldsEvent, Holds> & {
  readonly versions: { readonly [Type in HoldsEvent['type']]: 1 };
} = {
  initialState: new Map(),
  versions: { HoldTermsSet: 1, HoldReminded: 1, HoldExpired: 1 },
  decide,
  evolve,
};
