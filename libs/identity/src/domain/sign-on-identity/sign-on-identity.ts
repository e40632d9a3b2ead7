import { recordDigest, type CommandContext, type Decider, type DomainEvent } from '#kernel';
import { IdentityError } from '../errors.js';
import { claimBy, claimedBy, contestedBy, NOBODY, type Holder } from '../holder.js';
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

/** One subject of one issuer, one person, for good (R20): the stream is named by the value, so that two cannot claim it at once. */
export const signOnIdentity: Decider<ClaimSignOnIdentity, SignOnIdentityEvent, Holder> & {
  readonly versions: { readonly [Type in SignOnIdentityEvent['type']]: number };
} = {
  initialState: NOBODY,
  versions: { SingleSignOnClaimed: 1, SingleSignOnClaimContested: 1 },
  decide({ identity, person }, state) {
    const claim = claimBy(person, state);
    if (!claim) return [];
    const { holder } = claim;
    return holder === null
      ? [{ type: 'SingleSignOnClaimed', data: { identity, person } }]
      : [{ type: 'SingleSignOnClaimContested', data: { identity, person, holder } }];
  },
  evolve(state, event) {
    switch (event.type) {
      case 'SingleSignOnClaimed':
        return claimedBy(event.data.person, state);
      case 'SingleSignOnClaimContested':
        return contestedBy(event.data.person, state);
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
