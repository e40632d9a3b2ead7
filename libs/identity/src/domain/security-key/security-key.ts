import type { CommandContext, Decider, DomainEvent } from '#kernel';
import { IdentityError } from '../errors.js';

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

export interface KeyHolder {
  /** Null: nobody has claimed it. */
  readonly person: string | null;
  readonly contestedBy: readonly string[];
}

/** One key, one person, for good (W3C WebAuthn, 7.1, step 26): the stream is named by the value, so that two cannot claim it at once. */
export const securityKey: Decider<ClaimSecurityKey, SecurityKeyEvent, KeyHolder> & {
  readonly versions: { readonly [Type in SecurityKeyEvent['type']]: number };
} = {
  initialState: { person: null, contestedBy: [] },
  versions: { SecurityKeyClaimed: 1, SecurityKeyClaimContested: 1 },
  decide({ credential, person }, { person: holder, contestedBy }) {
    if (holder === person || contestedBy.includes(person)) return [];
    if (holder === null) return [{ type: 'SecurityKeyClaimed', data: { credential, person } }];
    return [{ type: 'SecurityKeyClaimContested', data: { credential, person, holder } }];
  },
  evolve(state, event) {
    switch (event.type) {
      case 'SecurityKeyClaimed':
        return { ...state, person: event.data.person };
      case 'SecurityKeyClaimContested':
        return { ...state, contestedBy: [...state.contestedBy, event.data.person] };
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
