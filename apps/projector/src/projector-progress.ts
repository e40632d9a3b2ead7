import type { PositionedEvent } from '#platform/projection';

/** What the projector goes through, for whoever wants to see it. */
export interface ProjectorProgress {
  /** It is the one projector, of this epoch of the lease. */
  leaseHeld(epoch: bigint): void;
  /** These, up to the position `next` (exclusive), are sealed and in the read models. */
  taken(next: bigint, events: readonly PositionedEvent[]): void;
  /** It has gone through the whole history. */
  caughtUp(next: bigint): void;
  /** It could not go on at `position`, and will try again after the pause. */
  failed(position: bigint, error: unknown, pauseMs: number): void;
}

/** For whom nobody looks at. */
export const UNSEEN: ProjectorProgress = {
  leaseHeld: () => undefined,
  taken: () => undefined,
  caughtUp: () => undefined,
  failed: () => undefined,
};
