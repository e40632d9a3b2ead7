import type { JsonValue } from './canonical-json.js';

/**
 * Whether every string in a value, names of members included, is text: well-formed Unicode without U+0000. JSON can say both; PostgreSQL's
 * text can hold neither, and no person ever meant them.
 */
export function isText(value: JsonValue): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isText);
  return Object.entries(value).every(([name, member]) => isText(name) && isText(member));
}

/** Somebody else's words as text of at most `longest` UTF-16 units: for messages that go into the record. */
export function asText(words: string, longest: number): string {
  const text = words.replaceAll('\0', '\uFFFD').toWellFormed();
  return text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`;
}
