import type { PositionedEvent } from '#platform/projection';
import type { Reader } from './readers-in-the-way.js';

/** What the projector goes through, for whoever wants to see it. */
export interface ProjectorProgress {
  /** It is the one projector, of this epoch of the lease. */
  leaseHeld(epoch: bigint): void;
  /** These, up to the position `next` (exclusive), are sealed and in the read models. */
  taken(next: bigint, events: readonly PositionedEvent[]): void;
  /** It has gone through the whole history. */
  caughtUp(next: bigint): void;
  /** It makes these read models anew. */
  rebuilds(names: readonly string[]): void;
  /** It has made them, and cannot switch to them while these read; said now and then. */
  rebuildWaits(names: readonly string[], readers: readonly Reader[]): void;
  /** It is done with that, or has put it off. */
  rebuildEnded(): void;
  /** It could not go on at `position`, and will try again after the pause. */
  failed(position: bigint, error: unknown, pauseMs: number): void;
}

/** For whom nobody looks at. */
export const UNSEEN: ProjectorProgress = {
  leaseHeld: () => undefined,
  taken: () => undefined,
  caughtUp: () => undefined,
  rebuilds: () => undefined,
  rebuildWaits: () => undefined,
  rebuildEnded: () => undefined,
  failed: () => undefined,
};
