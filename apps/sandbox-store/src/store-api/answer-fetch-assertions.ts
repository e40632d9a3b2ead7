import type { AssertionShelf } from '../assertions/assertion-shelf.js';
import type { FetchAssertionsAction, WantedAssertion } from './refresh-actions.js';
import type { JsonObject } from './snap-object.js';

/**
 * A fetch-assertions result (protocol page §4.5): a URL for each assertion that is newer than the client's, an error for
 * each that is not here. Sequences are never here: this store signs no validation sets.
 */
export function answerFetchAssertions(
  shelf: AssertionShelf,
  { key, assertions }: FetchAssertionsAction,
  origin: string,
): JsonObject {
  const urls: string[] = [];
  const errors: JsonObject[] = [];
  for (const wanted of assertions) {
    const found = find(shelf, wanted);
    if (found === undefined) errors.push(notFound(wanted));
    else if (wanted.ifNewerThan === undefined || found.revision > wanted.ifNewerThan) {
      const path = [found.type, ...found.primaryKey].map(encodeURIComponent).join('/');
      urls.push(`${origin}/v2/assertions/${path}`);
    }
  }
  const result = { result: 'fetch-assertions', key, 'assertion-stream-urls': urls };
  return errors.length === 0 ? result : { ...result, 'error-list': errors };
}

function find(shelf: AssertionShelf, { type, primaryKey }: WantedAssertion) {
  return primaryKey === undefined ? undefined : shelf.find({ type, primaryKey });
}

function notFound({ type, primaryKey, sequenceKey }: WantedAssertion): JsonObject {
  const named = primaryKey === undefined ? { 'sequence-key': sequenceKey } : { 'primary-key': primaryKey };
  return { code: 'not-found', message: 'not found', type, ...named };
}
