import type { Change, SettingRow } from '../api/types.js';

/** What is set of a setting; of a secret, that it is, and how its digest begins. */
export function setText({ value, digest }: Pick<SettingRow, 'value' | 'digest'>): string | null {
  return digest === null ? value : `<set: ${digest.slice(0, 12)}>`;
}

/** A change that was made, as it may be shown. */
export function changeLines(
  changes: readonly Change[],
  settings: readonly SettingRow[],
): readonly (readonly [string, string | null])[] {
  const given = changes.map(({ key, value }) => {
    const row = settings.find((each) => each.key === key);
    return [key, row?.secret ? setText(row) : (value?.replace(/\/\/[^/?#]*@/, '//') ?? null)] as const;
  });
  // What one of the incumbent's keys set besides.
  const besides = settings.filter((row) => row.secret && !changes.some(({ key }) => key === row.key));
  return [...given, ...besides.map((row) => [row.key, setText(row)] as const)];
}
