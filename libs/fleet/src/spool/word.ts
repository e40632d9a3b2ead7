/** What records hold as it is: printable ASCII, at most 200 characters, and not empty. */
const WORD = /^[\x20-\x7e]{1,200}$/;

/** As records spell it: what is no word is escaped as JSON escapes it, and cut off. */
export function word(text: string): string {
  if (WORD.test(text)) return text;
  const escaped = text.replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return escaped === '' ? '-' : escaped.slice(0, 200);
}
