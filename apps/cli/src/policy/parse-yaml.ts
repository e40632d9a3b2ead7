import { isAlias, LineCounter, parseDocument, visit, type Document } from 'yaml';
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
  refuseDepth(text, file);
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

/** Before the parser sees it: brackets that are open, dashes on one line, blanks that a line begins with. Counts more than there is, never less. */
function refuseDepth(text: string, file: string): void {
  let open = 0;
  for (const [i, line] of text.split('\n').entries()) {
    open += (line.match(/[[{]/g)?.length ?? 0) - (line.match(/[\]}]/g)?.length ?? 0);
    const dashes = line.match(/[-?:](?=\s|$)/g)?.length ?? 0;
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    if (Math.max(open, dashes, indent / 4) > DEEPEST || /[[{]{8}/.test(line)) {
      throw new CliError('usage', `${file}:${i + 1}: this is nested too deeply for a policy`);
    }
    open = Math.max(open, 0);
  }
}
