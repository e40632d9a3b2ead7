import type { Change, SettingRow, ShownSettings } from '../api/types.js';
import { CliError } from '../cli-error.js';

/** What of some exported settings is to be set, in order, and a sentence for each that is left behind. */
export interface Import {
  readonly changes: readonly Change[];
  readonly left: readonly string[];
}

/** Of the Snap Store Proxy: a part of the address that devices use, and the address. */
const [DOMAIN, ADDRESS] = ['proxy.domain', 'internal.store.url'];

/** @throws CliError `usage` for a key that nobody knows: most likely it was mistyped */
export function planImport(given: ReadonlyMap<string, string>, here: ShownSettings): Import {
  const known = new Set([...here.settings, ...here.incumbentKeys].map(({ key }) => key));
  const why = whyNot(given, here);
  const left = [...given.keys()].filter((key) => why(key) !== undefined);
  const unknown = [...given.keys()].filter((key) => !known.has(key) && !left.includes(key));
  if (unknown.length > 0)
    throw new CliError(
      'usage',
      `nothing was changed: ${unknown.join(', ')}: no such setting, here or in the Snap Store Proxy`,
    );
  return {
    changes: [...given]
      .filter(([key]) => !left.includes(key))
      // The address before what is a part of it.
      .sort(([a], [b]) => Number(a === DOMAIN) - Number(b === DOMAIN))
      .map(([key, value]) => ({ key, value })),
    left: left.map((key) => `${key} is left behind: ${why(key)}`),
  };
}

/** Settings by which people sign are no import's to change: two people are asked for each. */
export function signingApart(
  changes: readonly Change[],
  settings: readonly SettingRow[],
): { readonly others: readonly Change[]; readonly left: readonly string[] } {
  const row = (key: string) => settings.find((each) => each.key === key && each.takesTwo);
  return {
    others: changes.filter(({ key }) => !row(key)),
    left: changes.flatMap(({ key, value }) => {
      const here = row(key);
      if (!here || (here.value ?? here.fallback) === value) return [];
      return [
        `${key} is left as it is, since it takes two people: "holdfast config ${key}=${value}" asks for it`,
      ];
    }),
  };
}

function whyNot(
  given: ReadonlyMap<string, string>,
  here: ShownSettings,
): (key: string) => string | undefined {
  const understood = new Set(here.incumbentKeys.map(({ key }) => key));
  const address = given.get(ADDRESS) ?? here.settings.find(({ key }) => key === 'proxy-url')?.value;
  return (key) => {
    if (key === DOMAIN && given.get(DOMAIN) === 'localhost') return 'it is the default there, and no domain';
    if (key === DOMAIN && !address) return 'set proxy-url to the whole address that devices use';
    if (understood.has(key)) return undefined;
    return here.leftBehind.find(({ prefix }) => key.startsWith(prefix))?.why;
  };
}
