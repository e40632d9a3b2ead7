import { isAlias, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { lineNestedDeeperThan } from '#kernel';
import { CliError } from '../cli-error.js';
import { PolicyProblems } from './policy-node.js';

/** What a policy takes at most: some 20,000 overrides. */
const LARGEST_BYTES = 1024 * 1024;
/** A policy is four levels deep. Deeper nesting could exhaust the parser's stack. */
const DEEPEST = 16;

/**
 * YAML as it is written: every scalar is text, so that no snap becomes a number, a date or a boolean; no anchors, which could make a small file a
 * huge one; one document.
 *
 * @throws CliError `usage`, with the lines of what is wrong
 */
export function parseYaml(
  text: string,
  file: string,
): { readonly document: Document.Parsed; readonly problems: PolicyProblems } {
  if (Buffer.byteLength(text) > LARGEST_BYTES) {
    throw new CliError(
      'usage',
      `${file} has ${Buffer.byteLength(text)} bytes; a policy has at most ${LARGEST_BYTES}`,
    );
  }
  const lines = new LineCounter();
  const problems = new PolicyProblems(file, lines);
  const deep = lineNestedDeeperThan(DEEPEST, text);
  if (deep !== undefined)
    throw new CliError('usage', `${file}:${deep}: this is nested too deeply for a policy`);
  // Twice the same name is told with the rest, by members().
  const document = parseDocument(text, {
    schema: 'failsafe',
    strict: true,
    uniqueKeys: false,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  for (const error of [...document.errors, ...document.warnings]) problems.add(error.pos[0], error.message);
  visit(document, (_key, node) => {
    if (isAlias(node)) problems.add(node.range?.[0] ?? 0, 'aliases are not taken here: write it out');
    else if (typeof node === 'object' && node !== null && 'anchor' in node && typeof node.anchor === 'string')
      problems.add(rangeStart(node), 'anchors are not taken here: write it out');
  });
  if (problems.any) throw new CliError('usage', problems.text());
  return { document, problems };
}

function rangeStart(node: object): number {
  const range = 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0;
}
