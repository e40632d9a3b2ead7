import { parseDocument } from 'yaml';
import { lineNestedDeeperThan, type JsonValue } from '#kernel';
import { isJsonObject } from '../json-shape.js';

/** A snap.yaml as a tree of maps, lists and text, or the reason why it is none. */
export type ReadSnapYaml =
  { readonly ok: true; readonly yaml: Mapping } | { readonly ok: false; readonly why: string };

export interface Mapping {
  readonly [name: string]: JsonValue;
}

/** snapd has no limit of its own; the largest of the public store have some 100 KiB. */
const LARGEST_BYTES = 256 * 1024;
/** Interfaces' attributes are five levels deep. */
const DEEPEST = 16;
/** What the same anchor may be used for, by the number of nodes it stands for: snapcraft writes a few, for lists of plugs that are shared. */
const MOST_ALIASED = 100;

/**
 * Reads a snap.yaml as upstream gives it: hostile text. What snapd's reader could take for something else is not read at all: a name twice, a merge key, a tag,
 * two documents. Every scalar is text.
 */
export function readSnapYaml(text: string): ReadSnapYaml {
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST_BYTES) return unread(`it has ${bytes} bytes, at most ${LARGEST_BYTES} are read`);
  const deep = lineNestedDeeperThan(DEEPEST, text);
  if (deep !== undefined) return unread(`line ${deep} is nested too deeply`);
  try {
    const document = parseDocument(text, {
      schema: 'failsafe',
      strict: true,
      prettyErrors: false,
      logLevel: 'error',
    });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) return unread(problem.message);
    return plain(document.toJS({ maxAliasCount: MOST_ALIASED }));
  } catch (error) {
    return unread(error instanceof Error ? error.message : String(error));
  }
}

/** Aliases may stand for much, and for themselves: what comes of them is written out, once, within limits. @throws TypeError for a cycle */
function plain(value: unknown): ReadSnapYaml {
  let merges = false;
  const text = JSON.stringify(value, (name, member: unknown) => {
    merges ||= name === '<<';
    return member;
  });
  if (merges) return unread('it has a merge key');
  if (text.length > 4 * LARGEST_BYTES) return unread('its aliases stand for too much');
  const yaml: unknown = JSON.parse(text);
  return isJsonObject(yaml) ? { ok: true, yaml } : unread('it is no map');
}

function unread(why: string): ReadSnapYaml {
  return { ok: false, why };
}
