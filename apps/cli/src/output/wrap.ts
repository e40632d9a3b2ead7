const GRAPHEMES = new Intl.Segmenter('en');

/** What people see as one character counts once. */
export function width(text: string): number {
  return characters(text).length;
}

/** Where a word may go on below: after a path's or a list's mark, and between date and time. */
const SEAMS = /(?<=[/,;])(?=.)|(?<=^\(?\d{4}-\d\d-\d\dT)(?=\d)/;

/** The width of the longest part of a text that {@link wrapCell} does not have to cut. */
export function longestPart(text: string): number {
  return Math.max(...text.split(' ').flatMap((word) => word.split(SEAMS).map(width)));
}

/** A cell's text in lines of at most so many characters: broken at blanks, then at {@link SEAMS}; what is longer all the same, such as a digest, is cut. */
export function wrapCell(text: string, to: number): string[] {
  const parts = text.split(' ').flatMap((word) =>
    word
      .split(SEAMS)
      .flatMap((part) => pieces(part, to))
      .map((part, i) => ({ part, glue: i === 0 ? ' ' : '' })),
  );
  return filled(parts, to);
}

/** A value's text in lines, broken at blanks; a longer word has a line of its own, so that it can be copied whole. */
export function wrapValue(text: string, to: number): string[] {
  return filled(
    text.split(' ').map((part) => ({ part, glue: ' ' })),
    to,
  );
}

function filled(parts: readonly { readonly part: string; readonly glue: string }[], to: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const { part, glue } of parts) {
    if (line === '') line = part;
    else if (width(line) + glue.length + width(part) <= to) line += glue + part;
    else {
      lines.push(line);
      line = part;
    }
  }
  return [...lines, line];
}

function pieces(word: string, to: number): string[] {
  const all = characters(word);
  const count = Math.max(1, Math.ceil(all.length / to));
  return Array.from({ length: count }, (_, i) => all.slice(i * to, (i + 1) * to).join(''));
}

function characters(text: string): string[] {
  return Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
}
