import pg from 'pg';
import { FENCED_OUT } from '#event-store/fence';
import { CodedError } from '#kernel';

/** The lease was taken over: what this process writes is refused, and it has to end. Started again, it waits for its turn. */
export type LeaseErrorCode = 'fenced-out';

export class LeaseError extends CodedError<LeaseErrorCode> {
  override readonly name = 'LeaseError';
}

/** What the database said of a lease, as an error of ours; other errors as they are. */
export function leaseError(error: unknown): unknown {
  return error instanceof pg.DatabaseError && error.code === FENCED_OUT
    ? new LeaseError('fenced-out', error.message, { cause: error })
    : error;
}

/** Whether any library says that this process is not the one that may write any more. */
export function isFencedOut(error: unknown): error is CodedError<'fenced-out'> {
  return error instanceof CodedError && error.code === 'fenced-out';
}
