import { AsyncLocalStorage } from 'node:async_hooks';
import { uuidv7 } from '#kernel';

/** Taken from the client when it is a UUID, else made here; sent back, logged, and the `correlation` of every event that follows. */
export const REQUEST_ID_HEADER = 'x-request-id';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const current = new AsyncLocalStorage<string>();

export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && UUID.test(header) ? header.toLowerCase() : uuidv7();
}

export function withRequestId<Result>(id: string, run: () => Result): Result {
  return current.run(id, run);
}

/** The id of the request that is being answered, or whose event is being handled; a new one outside of any. */
export function currentRequestId(): string {
  return requestIdInForce() ?? uuidv7();
}

/** As {@link currentRequestId}, undefined outside of any. */
export function requestIdInForce(): string | undefined {
  return current.getStore();
}
