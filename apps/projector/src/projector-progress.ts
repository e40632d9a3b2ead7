/** What the projector goes through, for whoever wants to see it. */
export interface ProjectorProgress {
  /** It is the one projector. */
  leaseHeld(): void;
  /** Every event up to `position` (exclusive) is sealed and in the read models. */
  taken(position: bigint): void;
  /** It has gone through the whole history. */
  caughtUp(): void;
  /** It could not go on at `position`, and will try again. */
  failed(position: bigint, error: unknown): void;
}

/** For whom nobody looks at. */
export const UNSEEN: ProjectorProgress = {
  leaseHeld: () => undefined,
  taken: () => undefined,
  caughtUp: () => undefined,
  failed: () => undefined,
};
