import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const REFERENCES = ['docs/reference/cli.md', 'docs/reference/host-commands.md'];
const OPTION = /(?<![\w-])--[a-z][a-z-]*/g;

/** Each command with the options that its help names. */
const options = new Map(
  REFERENCES.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split(/^## (?=holdfast )/m)
      .slice(1),
  ).map((section) => [
    section.split('\n')[0] ?? '',
    new Set([...section.matchAll(OPTION)].map(([name]) => name)),
  ]),
);
const groups = new Set([...options.keys()].map((name) => name.split(' ').slice(0, 2).join(' ')));

/** What of a page is typed: `holdfast` at the beginning of a line, of code or of a pipe's part, up to the end of that. */
function typedIn(page: string): string[] {
  const joined = page.replaceAll(/\\\n\s*/g, ' ');
  return [...joined.matchAll(/(?<=^(?:\$ )?|`|npx |\| )holdfast [a-z][^`\n|#>;]*/gm)].map(([line]) => line);
}

/** What is wrong with it; undefined: nothing. */
function faultOf(line: string): string | undefined {
  const words = line.replaceAll(/"[^"]*"/g, '""').split(/\s+/);
  const lengths = words.map((_, i) => words.length - i);
  const name = lengths.map((length) => words.slice(0, length).join(' ')).find((each) => options.has(each));
  if (name === undefined) return groups.has(words.slice(0, 2).join(' ')) ? undefined : `${line}: no command`;
  const unknown = words
    .flatMap((word) => word.match(OPTION) ?? [])
    .filter((each) => !options.get(name)?.has(each));
  return unknown.length > 0 ? `${line}: no ${unknown.join(', ')}` : undefined;
}

const faultsIn = (page: string): string[] => typedIn(page).flatMap((line) => faultOf(line) ?? []);

it.each(['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md')])(
  '%s names commands and options that there are',
  (page) => {
    expect(faultsIn(readFileSync(page, 'utf8'))).toEqual([]);
  },
);

it.each([
  '`holdfast change show CR-2026-0042 --json`',
  'npx holdfast chnge show CR-2026-0042',
  'holdfast change approve CR-2026-0042 \\\n  --why "as --reason says"',
])('%j would be found', (planted) => {
  expect(faultsIn(planted)).toHaveLength(1);
});
