import { EventStoreError, type Appended } from './port.js';

/** An append whose outcome is unknown, or that found nobody, is sent again so often; the same bytes at the same revision. */
const ATTEMPTS = 3;
const PAUSE_MS = 100;

/**
 * The patience of every store with an append. A store answers identical events at the same revision as it did, or would have done, the first
 * time; so once an outcome was unknown, only an answer ends that, and a store that is away afterwards does not.
 * @param once sends it
 * @throws what the last attempt threw; EventStoreError `outcome-unknown` when any of them may have been written
 */
export async function appendPatiently(once: () => Promise<Appended>, pauseMs = PAUSE_MS): Promise<Appended> {
  let unknown: EventStoreError | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof EventStoreError)) throw error;
      if (error.code === 'outcome-unknown') unknown = error;
      else if (error.code !== 'unavailable') throw error;
      if (attempt === ATTEMPTS) throw unknown ?? error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs * attempt));
    }
  }
}
