import type { CommandContext, Decider } from '#kernel';
import {
  isInCommissioning,
  requireAnotherThan,
  requireNotTheirOwn,
  requireReason,
  requireSecondPerson,
  requester,
} from '../authority.js';
import { IdentityError } from '../errors.js';
import { isOver, REQUEST_HOURS, requestEnd } from '../person/requests.js';
import type { AccountPair, SamePersonEvent } from './events.js';
import { isDeclared, noSamePersons, pairOf, pending, sameAsKey, type SamePersons } from './state.js';

/** An account, as people name it. */
export interface NamedAccount {
  readonly id: string;
  readonly login: string;
}

interface Command {
  readonly accounts: readonly [NamedAccount, NamedAccount];
  readonly context: CommandContext;
}
export interface RequestSamePerson extends Command {
  readonly type: 'RequestSamePerson' | 'RequestSamePersonRevocation';
}
export interface ConfirmSamePerson extends Command {
  readonly type: 'ConfirmSamePerson' | 'ConfirmSamePersonRevocation';
  /** Whether who asked for it may still ask: their own stream says so. */
  readonly requesterIsAdmin: boolean;
}
export type SamePersonCommand = RequestSamePerson | ConfirmSamePerson;

/** One register for the site, since whoever counts persons has to know all of it at once. */
export const SAME_PERSON_STREAM = 'same-person';

/**
 * Which accounts are one person's, as two people say (R27). Neither of the two is that person: nobody gains by it, and nobody gets rid of it alone.
 * @throws IdentityError for every refusal
 */
export const samePerson: Decider<SamePersonCommand, SamePersonEvent, SamePersons> & {
  readonly versions: { readonly [Type in SamePersonEvent['type']]: 1 };
} = {
  initialState: noSamePersons,
  versions: {
    SamePersonRequested: 1,
    SamePersonDeclared: 1,
    SamePersonRevocationRequested: 1,
    SamePersonRevoked: 1,
  },
  decide(command, state) {
    const { context } = command;
    requireReason(context);
    const accounts = twoAccounts(command);
    const asksForRevocation =
      command.type === 'RequestSamePersonRevocation' || command.type === 'ConfirmSamePersonRevocation';
    switch (command.type) {
      case 'RequestSamePerson':
      case 'RequestSamePersonRevocation': {
        const requestedBy = requester(context);
        for (const account of accounts) requireAnotherThan(account, context);
        requireChange(command, state, accounts, asksForRevocation);
        if (isInCommissioning(context)) {
          const data = { accounts, requestedBy, confirmedBy: requestedBy, at: context.at };
          return [{ type: asksForRevocation ? 'SamePersonRevoked' : 'SamePersonDeclared', data }];
        }
        const data = { accounts, requestedBy, expiresAt: requestEnd(context.at) };
        return [{ type: asksForRevocation ? 'SamePersonRevocationRequested' : 'SamePersonRequested', data }];
      }
      case 'ConfirmSamePerson':
      case 'ConfirmSamePersonRevocation': {
        const asked = pending(state, accounts, asksForRevocation);
        if (asked === undefined || isOver(asked.expiresAt, context.at))
          throw notRequested(command, asksForRevocation);
        const { requestedBy } = asked;
        const { requesterIsAdmin } = command;
        const [first, second] = accounts;
        const about = { requesterIsAdmin, context };
        const confirmedBy = requireSecondPerson({ ...about, person: first }, requestedBy, CONFIRM);
        requireAnotherThan(second, context);
        requireNotTheirOwn(requestedBy, second, context);
        requireChange(command, state, accounts, asksForRevocation);
        const data = { accounts, requestedBy, confirmedBy, at: context.at };
        return [{ type: asksForRevocation ? 'SamePersonRevoked' : 'SamePersonDeclared', data }];
      }
    }
  },
  evolve(state, event) {
    const { accounts } = event.data;
    const key = sameAsKey(accounts);
    switch (event.type) {
      case 'SamePersonRequested':
        return { ...state, requested: new Map(state.requested).set(key, event.data) };
      case 'SamePersonRevocationRequested':
        return { ...state, revocations: new Map(state.revocations).set(key, event.data) };
      case 'SamePersonDeclared': {
        const declared = [...state.declared, { accounts, from: event.data.at, until: null }];
        return { ...state, declared, requested: without(state.requested, key) };
      }
      case 'SamePersonRevoked': {
        const until = event.data.at;
        const declared = state.declared.map((each) =>
          each.until === null && sameAsKey(each.accounts) === key ? { ...each, until } : each,
        );
        return { ...state, declared, revocations: without(state.revocations, key) };
      }
    }
  },
};

/** Another admin, or `qa`, as for a reset. */
const CONFIRM = ['admin', 'qa'] as const;

/** @throws IdentityError `same-account` */
function twoAccounts({ accounts: [one, other] }: Command): AccountPair {
  if (one.id === other.id)
    throw new IdentityError(
      'same-account',
      `${one.login} was named twice: name two accounts that one person has`,
    );
  return pairOf(one.id, other.id);
}

/** @throws IdentityError `same-person-already`, `not-same-person` */
function requireChange(
  { accounts: [one, other] }: Command,
  state: SamePersons,
  accounts: AccountPair,
  revokes: boolean,
): void {
  const declared = isDeclared(state, accounts);
  if (!revokes && declared)
    throw new IdentityError(
      'same-person-already',
      `${one.login} and ${other.login} are declared to be one person's already`,
    );
  if (revokes && !declared)
    throw new IdentityError(
      'not-same-person',
      `nobody declared ${one.login} and ${other.login} to be one person's: "holdfast people same-person" says what was declared`,
    );
}

function notRequested({ accounts: [one, other] }: Command, revokes: boolean): IdentityError {
  const what = revokes ? 'not to be' : 'to be';
  return new IdentityError(
    'same-person-not-requested',
    `no admin has asked in the last ${REQUEST_HOURS / 24} days for ${one.login} and ${other.login} ${what} one person's`,
  );
}

function without<Value>(all: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  return new Map([...all].filter(([each]) => each !== key));
}
