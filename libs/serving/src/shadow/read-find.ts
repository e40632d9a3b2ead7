import { isObject, snapIdOf } from '../answer/refresh-results.js';
import { parseObject } from '../routes/parse-object.js';
import { membersOf, objectsIn, revisionIn, textOf, type Saying, type Sayings } from './saying.js';

/** Which snaps a search found, and at which revision (protocol page 5.2), as far as it says one. Undefined for what is no answer to one. */
export function readFind(architecture: string, body: Buffer): Sayings | undefined {
  const found = parseObject(body);
  if (!found || !Array.isArray(found['results'])) return undefined;
  return new Map(
    objectsIn(found['results']).map((result): [string, Saying] => {
      const snapId = snapIdOf(result);
      const name = textOf(result['name'])?.slice(0, 100) ?? '';
      const { revision } = result;
      const members = isObject(revision) ? { at: revisionIn(revision), ...membersOf(revision) } : {};
      return [snapId ?? name, { snapId, name, where: architecture, what: 'found', members }];
    }),
  );
}
