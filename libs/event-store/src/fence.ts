/** A lease, and the epoch under which its holder took it: the database refuses what is written under an older one. */
export interface Fence {
  readonly name: string;
  /** Grows each time the lease is taken, by whomever. */
  readonly epoch: bigint;
}

/** SQLSTATE of what is refused so: `holdfast.require_lease` raises it. */
export const FENCED_OUT = 'HF001';
