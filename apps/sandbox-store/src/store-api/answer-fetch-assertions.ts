import type { Assertion } from '#snap';
import type { AssertionShelf } from '../assertions/assertion-shelf.js';
import type { FetchAssertionsAction, WantedAssertion } from './refresh-actions.js';
import type { JsonObject } from './snap-object.js';

/**
 * A fetch-assertions result (protocol page §4.5): a URL for each assertion that is newer than the client's, an error for
 * each that is not here.
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
    else if (isNewer(found, wanted)) {
      const path = [found.type, ...found.primaryKey].map(encodeURIComponent).join('/');
      urls.push(`${origin}/v2/assertions/${path}`);
    }
  }
  const result = { result: 'fetch-assertions', key, 'assertion-stream-urls': urls };
  return errors.length === 0 ? result : { ...result, 'error-list': errors };
}

function find(
  shelf: AssertionShelf,
  { type, primaryKey, sequenceKey = [], sequence }: WantedAssertion,
): Assertion | undefined {
  if (primaryKey !== undefined) return shelf.find({ type, primaryKey });
  return shelf.ofSequence(
    { type, primaryKey: sequenceKey },
    sequence === undefined ? 'latest' : String(sequence),
  );
}

/** Of a sequence's latest, a higher number is newer, whatever its revision. */
function isNewer(found: Assertion, { ifNewerThan, ifSequenceEqualOrNewerThan }: WantedAssertion): boolean {
  if (ifSequenceEqualOrNewerThan !== undefined) {
    const number = Number(found.primaryKey.at(-1));
    if (number !== ifSequenceEqualOrNewerThan) return number > ifSequenceEqualOrNewerThan;
  }
  return ifNewerThan === undefined || found.revision > ifNewerThan;
}

function notFound({ type, primaryKey, sequenceKey }: WantedAssertion): JsonObject {
  const named = primaryKey === undefined ? { 'sequence-key': sequenceKey } : { 'primary-key': primaryKey };
  return { code: 'not-found', message: 'not found', type, ...named };
}
