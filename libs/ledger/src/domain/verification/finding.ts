/** Which of the promises does not hold: the signed checkpoint, its copy in the second place, the ledger's entries and tiles, the store's events. */
export type VerificationCheck = 'checkpoint' | 'second-place' | 'ledger' | 'events';

/** What differs, and where. Plain JSON: it is kept as it is. */
export type Finding = {
  readonly check: VerificationCheck;
  /** A code, such as `root-differs`, `tile-differs`, `missing`, `differs`, `rolled-back`, `unreadable`. */
  readonly kind: string;
  /** Of the first entry that it is about; decimal. Absent where none can be named. */
  readonly position?: string;
  /** A sentence. */
  readonly says: string;
};

/** An event that no checkpoint covers. */
export type Unsealed = {
  /** Decimal. */
  readonly position: string;
  /** When it was appended. RFC 3339, UTC. */
  readonly at: string;
};
