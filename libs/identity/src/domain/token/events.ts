import type { DomainEvent, Reason } from '#kernel';

/** What a token may be used for. No token signs, and none is good for more than its owner. */
export interface TokenScope {
  /** `submit-changes`: see what is held, and submit change requests for it. */
  readonly may: 'submit-changes';
  readonly rings: readonly string[];
}

/** Version 2: `ownerResets`. */
export type TokenIssued = DomainEvent<
  'TokenIssued',
  {
    readonly name: string;
    /** The person who issued it to themself, and answers for what is done with it. */
    readonly owner: { readonly id: string; readonly name: string };
    /** Why whatever is done with it is done. */
    readonly standingReason: Reason;
    readonly scope: TokenScope;
    /** RFC 3339, UTC. */
    readonly expiresAt: string;
    /** SHA-256, hex, of the token's secret: 32 random bytes that were shown once. */
    readonly secretDigest: string;
    /** How often the owner had been reset: the next time ends the token. Absent: never. */
    readonly ownerResets?: number;
  }
>;
export type TokenRevoked = DomainEvent<'TokenRevoked', { readonly name: string }>;

export type TokenEvent = TokenIssued | TokenRevoked;
