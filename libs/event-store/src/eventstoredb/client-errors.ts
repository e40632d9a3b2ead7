import { sentenceOf } from '#kernel';
import { EventStoreError } from '../port.js';

/** gRPC's status codes that asking again does not change. */
const INVALID_ARGUMENT = 3;
const PERMISSION_DENIED = 7;
const UNIMPLEMENTED = 12;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;
const LASTING_CODES = [INVALID_ARGUMENT, PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED];
/** And the client's own words, which it does not give to every error (its `type`). */
const LASTING_TYPES = ['access-denied', 'invalid-argument', 'stream-deleted', 'unsupported'];
/** Who says so has not taken the append: no connection, no leader found, or a server that is starting or busy. */
const NEVER_TAKEN = /no connection established|name resolution failed|failed to discover|not ready|too busy/i;

/** The parts of an error that the client, gRPC or we made; each may be missing. */
interface Failure {
  readonly code?: unknown;
  readonly type?: unknown;
}

/** An error while reading. Reading again does no harm, so all that may pass is `unavailable`. */
export function readError(error: unknown): unknown {
  if (error instanceof EventStoreError) return error;
  if (isLasting(error)) return refusal(error);
  return unavailable(error);
}

export function isMissingStream(error: unknown): boolean {
  return failure(error).type === 'stream-not-found';
}

/** An error after an append was handed to the client: unless it is known that nobody took it, it may have been written. */
export function appendError(stream: string, error: unknown): unknown {
  if (error instanceof EventStoreError) return error;
  const { code, type } = failure(error);
  if (type === 'wrong-expected-version') return conflict(stream, error);
  if (type === 'maximum-append-size-exceeded')
    return new EventStoreError(
      'append-too-large',
      `EventStoreDB's own limit is smaller than ours: start it with MaxAppendSize=12582912 (${text(error)})`,
      { cause: error },
    );
  if (isLasting(error)) return refusal(error);
  // A follower has not written; the client now knows who leads.
  if (type === 'not-leader') return unavailable(error);
  if ((code === UNAVAILABLE || code === undefined) && NEVER_TAKEN.test(text(error)))
    return unavailable(error);
  return outcomeUnknown(error);
}

export function outcomeUnknown(error: unknown): EventStoreError {
  return new EventStoreError(
    'outcome-unknown',
    `the event store did not say whether it wrote: ${text(error)}`,
    { cause: error },
  );
}

function conflict(stream: string, error: unknown): EventStoreError {
  const { actualVersion, expectedVersion } = error as { actualVersion?: unknown; expectedVersion?: unknown };
  const at = typeof actualVersion === 'bigint' ? actualVersion : -1n;
  const expected = typeof expectedVersion === 'bigint' ? expectedVersion : -1n;
  return new EventStoreError('wrong-expected-revision', `${stream} is at ${at}, not at ${expected}`);
}

function isLasting(error: unknown): boolean {
  const { code, type } = failure(error);
  return LASTING_TYPES.some((known) => known === type) || LASTING_CODES.some((known) => known === code);
}

function refusal(error: unknown): Error {
  const { code, type } = failure(error);
  const hint =
    type === 'access-denied' || code === PERMISSION_DENIED || code === UNAUTHENTICATED
      ? '. The user in EVENTSTORE_URL must be an administrator: only one may read the whole history ($all)'
      : '';
  return new Error(`EventStoreDB refuses: ${text(error)}${hint}`, { cause: error });
}

function unavailable(error: unknown): EventStoreError {
  return new EventStoreError('unavailable', `the event store cannot be reached: ${text(error)}`, {
    cause: error,
  });
}

function failure(error: unknown): Failure {
  return typeof error === 'object' && error !== null ? error : {};
}

function text(error: unknown): string {
  return sentenceOf(error);
}
