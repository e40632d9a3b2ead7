import { isAlias, isMap, isScalar, Lexer, parseDocument, visit, type Document } from 'yaml';
import { lineNestedDeeperThan, type JsonValue } from '#kernel';
import { isJsonObject } from '../json-shape.js';

/** A YAML document as a tree of maps, lists and text, or the reason why it is none. */
export type ReadYaml =
  { readonly ok: true; readonly yaml: Mapping } | { readonly ok: false; readonly why: string };

export interface Mapping {
  readonly [name: string]: JsonValue;
}

/** Of a snap.yaml: snapd has no limit of its own; the largest of the public store have some 100 KiB. */
const LARGEST_BYTES = 256 * 1024;
/** Interfaces' attributes are five levels deep. */
const DEEPEST = 16;
/** snapcraft writes a few, for lists of plugs that are shared. As many nodes may an anchor stand for. */
const MOST_ALIASED = 100;
/** The largest of the public store have some thousand. */
const MOST_NODES = 50_000;
/** Words and signs, before there are nodes to count: what costs the parser time and memory. */
const MOST_TOKENS = 100_000;

/**
 * Reads a snap.yaml, or another document of a snap: hostile text. What snapd's reader could take for something else is not read at all: a name twice, a merge key, a tag,
 * two documents. Every scalar is text.
 */
export function readYaml(text: string, largest = LARGEST_BYTES): ReadYaml {
  const bytes = Buffer.byteLength(text);
  if (bytes > largest) return unread(`it has ${bytes} bytes, at most ${largest} are read`);
  const deep = lineNestedDeeperThan(DEEPEST, text);
  if (deep !== undefined) return unread(`line ${deep} is nested too deeply`);
  if (!hasFewTokens(text)) return unread(`it has more than ${MOST_TOKENS} words and signs`);
  try {
    const document = parseDocument(text, {
      schema: 'failsafe',
      strict: true,
      // The parser's own check takes quadratic time.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) return unread(problem.message);
    const confusing = confusion(document);
    if (confusing !== undefined) return unread(confusing);
    return plain(document.toJS({ maxAliasCount: MOST_ALIASED }), 4 * largest);
  } catch (error) {
    return unread(error instanceof Error ? error.message : String(error));
  }
}

function hasFewTokens(text: string): boolean {
  const tokens = new Lexer().lex(text);
  for (let n = 0; n < MOST_TOKENS; n++) if (tokens.next().done) return true;
  return false;
}

/** What other readers may take for something else, and what would take long to resolve; in linear time. */
function confusion(document: Document.Parsed): string | undefined {
  let found: string | undefined;
  let [aliases, nodes] = [0, 0];
  visit(document, (_key, node) => {
    if (isMap(node)) found ??= confusingKey(node.items.map(({ key }) => key));
    if (isAlias(node)) aliases++;
    nodes++;
    if (aliases > MOST_ALIASED) found ??= `it has more than ${MOST_ALIASED} aliases`;
    if (nodes > MOST_NODES) found ??= `it has more than ${MOST_NODES} parts`;
    return found === undefined ? undefined : visit.BREAK;
  });
  return found;
}

function confusingKey(keys: readonly unknown[]): string | undefined {
  const seen = new Set<string>();
  for (const key of keys) {
    if (!isScalar(key)) return 'a key is no text';
    const name = String(key.value);
    if (name === '<<') return 'it has a merge key';
    if (seen.has(name)) return `it says ${JSON.stringify(name.slice(0, 40))} twice`;
    seen.add(name);
  }
  return undefined;
}

/** Aliases may stand for much, and for themselves: what comes of them is written out, once, within limits. @throws TypeError for a cycle */
function plain(value: unknown, longest: number): ReadYaml {
  const text = JSON.stringify(value);
  if (text.length > longest) return unread('its aliases stand for too much');
  const yaml: unknown = JSON.parse(text);
  return isJsonObject(yaml) ? { ok: true, yaml } : unread('it is no map');
}

function unread(why: string): ReadYaml {
  return { ok: false, why };
}
