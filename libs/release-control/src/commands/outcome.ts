import type { Cursor } from '#event-store/port';
import type { ChangeRequestStatus } from '../domain/change-request/state.js';

/** What a command on a change request answers. */
export interface Outcome {
  readonly id: string;
  readonly status: ChangeRequestStatus;
  /** Where a query has to be to show it (`?atLeast=`); null when nothing had to be appended. */
  readonly cursor: Cursor | null;
}
