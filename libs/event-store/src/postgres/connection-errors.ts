import pg from 'pg';
import { sentenceOf } from '#kernel';
import { backendEnded, serverSaysPassing } from '../passing-sqlstates.js';
import { EventStoreError } from '../port.js';
import { CLOSED } from './closing.js';
import { FENCED_OUT } from '../fence.js';

/** An error while connecting: nothing was sent. */
export function connectError(error: unknown): unknown {
  if (error instanceof pg.DatabaseError && !serverSaysPassing(error)) return error;
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
  if (error instanceof pg.DatabaseError && !backendEnded(error)) return connectError(error);
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
  return sentenceOf(error);
}
