import type { CommandContext, Decider, DomainEvent } from '#kernel';
import { claimBy, claimedBy, contestedBy, NOBODY, type Holder } from '../holder.js';

/** `reference` is a keyed digest, hex, of what the site knows a human by: it can be compared, and not read. */
export type IdentityReferenceClaimed = DomainEvent<
  'IdentityReferenceClaimed',
  { readonly reference: string; readonly person: string }
>;
/** Another account was to be given the reference of somebody who has one; once for each. It was refused. */
export type IdentityReferenceContested = DomainEvent<
  'IdentityReferenceContested',
  { readonly reference: string; readonly person: string; readonly holder: string }
>;
export type IdentityReferenceEvent = IdentityReferenceClaimed | IdentityReferenceContested;

export interface ClaimIdentityReference {
  readonly reference: string;
  /** Id of the account. */
  readonly person: string;
  /** Who claimed it and does not have it any more: it was a mistake, which two people corrected. Null: nobody. */
  readonly givenUpBy: string | null;
  readonly context: CommandContext;
}

/** One human, one account, also of who is disabled (R20, R27): the stream is named by the value, so that two cannot claim it at once. */
export const identityReference: Decider<ClaimIdentityReference, IdentityReferenceEvent, Holder> & {
  readonly versions: { readonly [Type in IdentityReferenceEvent['type']]: 1 };
} = {
  initialState: NOBODY,
  versions: { IdentityReferenceClaimed: 1, IdentityReferenceContested: 1 },
  decide({ reference, person, givenUpBy }, state) {
    const claim = claimBy(person, state, givenUpBy);
    if (!claim) return [];
    const { holder } = claim;
    return holder === null
      ? [{ type: 'IdentityReferenceClaimed', data: { reference, person } }]
      : [{ type: 'IdentityReferenceContested', data: { reference, person, holder } }];
  },
  evolve(state, event) {
    switch (event.type) {
      case 'IdentityReferenceClaimed':
        return claimedBy(event.data.person, state);
      case 'IdentityReferenceContested':
        return contestedBy(event.data.person, state);
    }
  },
};

export function identityReferenceStream(reference: string): string {
  return `identity-reference/${reference}`;
}
