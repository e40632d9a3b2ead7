import { wrongSetting } from './wrong-setting.js';

/** What fits an environment file, as systemd and Node read it. */
const TEXT = /^[^\p{Cc}"'\\$`]{1,4000}$/u;

/** What takes two people is changed by itself: what was wrong before, of another setting, does not hold it up. */
export function newlyRefused(
  refused: (values: ReadonlyMap<string, string>) => readonly string[],
  values: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
): readonly string[] {
  const known = refused(before);
  return refused(values).filter((sentence) => !known.includes(sentence));
}

export function requireOnce<Key>(key: Key & string, keys: ReadonlySet<Key>): void {
  if (keys.has(key)) throw wrongSetting([`${key} is given twice: give it once`]);
}

export function put<Key, Value>(map: Map<Key, Value>, key: Key, value: Value | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}

export function textOf(key: string, value: string): string {
  const text = value.trim();
  if (TEXT.test(text)) return text;
  throw wrongSetting([
    `${key} takes one line of at most 4000 characters, without quotes, backslashes, dollar signs and backticks`,
  ]);
}
