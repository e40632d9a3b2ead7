/**
 * The first line, from 1, on which YAML may be nested more deeply than this; undefined when none is. To be asked before a parser sees the text, since
 * deep nesting can exhaust its stack: brackets that are open, dashes on one line, blanks that a line begins with. What is in quotes counts as well: too much, or, of a
 * text that is made so, too little, which is then left to the parser's own limits.
 */
export function lineNestedDeeperThan(deepest: number, text: string): number | undefined {
  let open = 0;
  for (const [i, line] of text.split('\n').entries()) {
    open += (line.match(/[[{]/g)?.length ?? 0) - (line.match(/[\]}]/g)?.length ?? 0);
    const dashes = line.match(/[-?:](?=\s|$)/g)?.length ?? 0;
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    if (Math.max(open, dashes, indent / 4) > deepest || /[[{]{8}/.test(line)) return i + 1;
    open = Math.max(open, 0);
  }
  return undefined;
}
