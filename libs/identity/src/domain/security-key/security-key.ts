import type { CommandContext, Decider, DomainEvent } from '#kernel';
import { IdentityError } from '../errors.js';
import { claimBy, claimedBy, contestedBy, NOBODY, type Holder } from '../holder.js';

/** `credential` is the SHA-256, hex, of the id that the key chose for itself. */
export type SecurityKeyClaimed = DomainEvent<
  'SecurityKeyClaimed',
  { readonly credential: string; readonly person: string }
>;
/** Somebody else gave a key with the same id as theirs; once for each. It was refused. */
export type SecurityKeyClaimContested = DomainEvent<
  'SecurityKeyClaimContested',
  { readonly credential: string; readonly person: string; readonly holder: string }
>;
export type SecurityKeyEvent = SecurityKeyClaimed | SecurityKeyClaimContested;

export interface ClaimSecurityKey {
  readonly credential: string;
  readonly person: string;
  readonly context: CommandContext;
}

/** One key, one person, for good (W3C WebAuthn, 7.1, step 26): the stream is named by the value, so that two cannot claim it at once. */
export const securityKey: Decider<ClaimSecurityKey, SecurityKeyEvent, Holder> & {
  readonly versions: { readonly [Type in SecurityKeyEvent['type']]: number };
} = {
  initialState: NOBODY,
  versions: { SecurityKeyClaimed: 1, SecurityKeyClaimContested: 1 },
  decide({ credential, person }, state) {
    const claim = claimBy(person, state);
    if (!claim) return [];
    const { holder } = claim;
    return holder === null
      ? [{ type: 'SecurityKeyClaimed', data: { credential, person } }]
      : [{ type: 'SecurityKeyClaimContested', data: { credential, person, holder } }];
  },
  evolve(state, event) {
    switch (event.type) {
      case 'SecurityKeyClaimed':
        return claimedBy(event.data.person, state);
      case 'SecurityKeyClaimContested':
        return contestedBy(event.data.person, state);
    }
  },
};

export function securityKeyStream(credential: string): string {
  return `security-key/${credential}`;
}

export function claimedByAnother(): IdentityError {
  return new IdentityError(
    'security-key-refused',
    'another person has a security key with the same id: use a key of your own',
  );
}
