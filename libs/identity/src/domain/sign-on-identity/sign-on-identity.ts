import { recordDigest, type CommandContext, type Decider, type DomainEvent } from '#kernel';
import { IdentityError } from '../errors.js';
import type { SignOnIdentity } from '../person/single-sign-on-events.js';

/** `identity` is the SHA-256, hex, of the canonical JSON of issuer, claim and subject. */
export type SingleSignOnClaimed = DomainEvent<
  'SingleSignOnClaimed',
  { readonly identity: string; readonly person: string }
>;
/** Somebody else was to be bound to the same identity; once for each. It was refused. */
export type SingleSignOnClaimContested = DomainEvent<
  'SingleSignOnClaimContested',
  { readonly identity: string; readonly person: string; readonly holder: string }
>;
export type SignOnIdentityEvent = SingleSignOnClaimed | SingleSignOnClaimContested;

export interface ClaimSignOnIdentity {
  readonly identity: string;
  readonly person: string;
  readonly context: CommandContext;
}

export interface IdentityHolder {
  /** Null: nobody has claimed it. */
  readonly person: string | null;
  readonly contestedBy: readonly string[];
}

/** One subject of one issuer, one person, for good (R20): the stream is named by the value, so that two cannot claim it at once. */
export const signOnIdentity: Decider<ClaimSignOnIdentity, SignOnIdentityEvent, IdentityHolder> & {
  readonly versions: { readonly [Type in SignOnIdentityEvent['type']]: number };
} = {
  initialState: { person: null, contestedBy: [] },
  versions: { SingleSignOnClaimed: 1, SingleSignOnClaimContested: 1 },
  decide({ identity, person }, { person: holder, contestedBy }) {
    if (holder === person || contestedBy.includes(person)) return [];
    if (holder === null) return [{ type: 'SingleSignOnClaimed', data: { identity, person } }];
    return [{ type: 'SingleSignOnClaimContested', data: { identity, person, holder } }];
  },
  evolve(state, event) {
    switch (event.type) {
      case 'SingleSignOnClaimed':
        return { ...state, person: event.data.person };
      case 'SingleSignOnClaimContested':
        return { ...state, contestedBy: [...state.contestedBy, event.data.person] };
    }
  },
};

export function digestOfIdentity({ issuer, claim, subject }: SignOnIdentity): string {
  return recordDigest({ issuer, claim, subject });
}

export function signOnIdentityStream(identity: string): string {
  return `single-sign-on/${identity}`;
}

export function identityOfAnother(): IdentityError {
  return new IdentityError('single-sign-on-taken', 'another person signs in as that subject, or did so once');
}
