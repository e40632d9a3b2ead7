import type { Command } from 'commander';
import type { SettingRow } from '../api/types.js';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { addReason, reasonOf, requireReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import { lines, table } from '../output/table.js';

export function addConfig(program: Command, cli: Cli): void {
  const config = program
    .command('config')
    .description("the site's settings: all of them, some, or new values for some")
    .argument(
      '[key[=value]...]',
      'such as cache-size to see one, cache-size=16G to set it, cache-size= for its default; several are set together or not at all',
    );
  addReason(config, 'only to set something').action(
    async (words: string[], _options: unknown, command: Command) => {
      const invocation = new Invocation<Partial<ReasonOptions>>(cli, command);
      const changes = words.filter((word) => word.includes('=')).map(changeIn);
      if (changes.length === 0) return show(invocation, words);
      if (changes.length < words.length)
        throw new CliError('usage', 'name keys to see them, or KEY=VALUE to set them, not both at once');
      const reason = reasonOf(requireReason(invocation.options));
      const connection = await invocation.connect();
      const { settings, cursor } = await connection.control.changeSettings({ changes, reason });
      await connection.remember(cursor);
      invocation.result(settings, () => lines(changes.map(({ key, value }) => [key, value ?? ''])));
      for (const sentence of settings.flatMap(whenOf)) invocation.say(sentence);
    },
  );
}

async function show(invocation: Invocation, keys: readonly string[]): Promise<void> {
  const { control } = await invocation.connect();
  const { settings } = await control.settings();
  const asked = keys.map((key) => {
    const found = settings.find((row) => row.key === key);
    if (!found)
      throw new CliError('no-such-setting', `${key} is no setting of a site: "holdfast config" lists them`);
    return found;
  });
  if (keys.length > 0)
    return invocation.result(asked, () => lines(asked.map((row) => [row.key, row.value ?? row.fallback])));
  invocation.result(settings, () =>
    table(settings, [
      { header: 'Key', cell: (row) => row.key },
      { header: 'Set', cell: (row) => row.value },
      { header: 'In force', cell: (row) => (row.running ?? { value: row.value ?? row.fallback }).value },
      { header: 'By', cell: (row) => row.running?.from },
      {
        header: 'Next start',
        cell: (row) => (row.waiting ? (row.value ?? row.fallback ?? 'none') : undefined),
      },
    ]),
  );
}

function changeIn(word: string): { readonly key: string; readonly value: string | null } {
  const at = word.indexOf('=');
  const value = word.slice(at + 1);
  return { key: word.slice(0, at), value: value === '' ? null : value };
}

/** When a change is in force, in a sentence, where there is something to say. */
function whenOf({ key, variable, readBy, running, waiting }: SettingRow): string[] {
  if (running?.from === 'environment')
    return [`${key} has no effect while ${variable} is in the environment of the servers, which wins`];
  if (running && !waiting) return [];
  return [`${key} is in force from the next start of ${readBy.join(', ')}`];
}
