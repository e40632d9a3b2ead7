/** What the administration can do to the store's content. `at`: RFC 3339, when it was done. */
export type Change =
  ReleaseChange | RevisionChange | WithdrawalChange | DefaultTrackChange | DeclarationChange;

/** A revision into a channel; null closes the channel. Without an architecture: for all that the revision runs on. */
export interface ReleaseChange {
  readonly kind: 'release';
  readonly at: string;
  readonly snap: string;
  /** In full, such as `latest/stable`. */
  readonly channel: string;
  readonly revision: number | null;
  readonly architecture?: string;
}

/** A new revision, not yet released. */
export interface RevisionChange {
  readonly kind: 'revision';
  readonly at: string;
  readonly snap: string;
  readonly revision: number;
  readonly version: string;
  readonly architectures: readonly string[];
  /** How large its payload is, in bytes. */
  readonly payloadBytes?: number | undefined;
}

export interface DefaultTrackChange {
  readonly kind: 'default-track';
  readonly at: string;
  readonly snap: string;
  readonly track: string | null;
}

/** A revision that is not given out any more; channels that had it are closed. */
export interface WithdrawalChange {
  readonly kind: 'withdrawal';
  readonly at: string;
  readonly snap: string;
  readonly revision: number;
}

/** A new revision of the snap's declaration. */
export interface DeclarationChange {
  readonly kind: 'declaration';
  readonly at: string;
  readonly snap: string;
  /** It names no snap any more, and the store shows none. */
  readonly revoked: boolean;
  /** The account's id; absent: the publisher that it had. */
  readonly publisher?: string | undefined;
}
