import pg from 'pg';
import { EventStoreError } from '../port.js';
import { CLOSED } from './closing.js';
import { FENCED_OUT } from './set-wise-append.js';

/** The backend was ended, maybe after it had committed (57P01 to 57P05, and 08xxx): nobody told us. */
const ENDED = /^(57P0[12345]|08...)$/;

/**
 * The server undid the statement for reasons that pass: resources (53), a time limit (57014), not up yet (57P03), locks and serialisation
 * (40, 55P03), a standby that takes no writes (25006).
 */
const PASSING = /^(53...|57014|57P03|40...|55P03|25006)$/;

/** An error while connecting: nothing was sent. */
export function connectError(error: unknown): unknown {
  if (error instanceof pg.DatabaseError && !PASSING.test(error.code ?? '') && !ENDED.test(error.code ?? ''))
    return error;
  return unavailable(error);
}

/** An error while reading. Reading again does no harm, so it matters little how far it came. */
export function readError(error: unknown): unknown {
  return connectError(error);
}

/** An error after an append was sent: unless the server says that it was undone, it may have been written. */
export function appendError(error: unknown): unknown {
  if (error instanceof EventStoreError) return error;
  if (error instanceof pg.DatabaseError && error.code === FENCED_OUT)
    return new EventStoreError('fenced-out', error.message, { cause: error });
  if (error instanceof pg.DatabaseError && error.code === CLOSED)
    return new EventStoreError('store-not-in-use', error.message, { cause: error });
  if (error instanceof pg.DatabaseError && !ENDED.test(error.code ?? '')) return connectError(error);
  return new EventStoreError(
    'outcome-unknown',
    `the event store did not say whether it wrote: ${text(error)}`,
    { cause: error },
  );
}

function unavailable(error: unknown): EventStoreError {
  if (error instanceof EventStoreError) return error;
  return new EventStoreError('unavailable', `the event store cannot be reached: ${text(error)}`, {
    cause: error,
  });
}

function text(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
