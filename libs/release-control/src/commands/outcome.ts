import type { Cursor } from '#event-store/port';
import type { ChangeRequestStatus } from '../domain/change-request/state.js';

/** What a command on a change request answers. */
export interface Outcome {
  readonly id: string;
  readonly status: ChangeRequestStatus;
  /** Where a query has to be to show it (`?atLeast=`); null when nothing had to be appended. */
  readonly cursor: Cursor | null;
}

/** What a signature of a ratification answers: how the request stands is not changed by it. */
export interface RatificationOutcome extends Outcome {
  /** What the ratification still needs, in words; empty once it is complete. */
  readonly missing: readonly string[];
}
