import type { Command } from 'commander';
import type { Change, SettingRow } from '../api/types.js';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { readAll } from '../input/password.js';
import { addReason, reasonOf, requireReason, type ReasonOptions } from '../input/reason.js';
import { readSettingsYaml, writeSettingsYaml } from '../input/settings-yaml.js';
import { Invocation } from '../invocation.js';
import { lines, table } from '../output/table.js';
import { planImport } from './import-settings.js';

interface Options extends Partial<ReasonOptions> {
  readonly exportYaml?: true;
  readonly importYaml?: true;
}

export function addConfig(program: Command, cli: Cli): void {
  const config = program
    .command('config')
    .description("the site's settings: all of them, some, or new values for some")
    .argument(
      '[key[=value]...]',
      'such as cache-size to see one, cache-size=16G to set it, cache-size= for its default; several are set together or not at all',
    )
    .option('--export-yaml', 'what is set, as YAML')
    .option('--import-yaml', 'set what standard input says: such YAML, or what the Snap Store Proxy exports');
  addReason(config, 'only to set something').action(
    async (words: string[], _options: unknown, command: Command) => {
      const invocation = new Invocation<Options>(cli, command);
      const { exportYaml, importYaml } = invocation.options;
      const changes = words.filter((word) => word.includes('=')).map(changeIn);
      const ways = [exportYaml, importYaml, changes.length > 0, words.length > changes.length];
      if (ways.filter(Boolean).length > 1)
        throw new CliError(
          'usage',
          'name keys to see them, or KEY=VALUE to set them, or export, or import: one of these at once',
        );
      if (exportYaml) return exportSettings(invocation);
      if (importYaml) return importSettings(invocation);
      return changes.length === 0 ? show(invocation, words) : set(invocation, changes);
    },
  );
}

async function set(invocation: Invocation<Options>, changes: readonly Change[]): Promise<void> {
  const reason = reasonOf(requireReason(invocation.options));
  const connection = await invocation.connect();
  const { settings, cursor } = await connection.control.changeSettings({ changes, reason });
  await connection.remember(cursor);
  invocation.result(settings, () => lines(changes.map(({ key, value }) => [key, value])));
  for (const sentence of settings.flatMap(whenOf)) invocation.say(sentence);
}

async function exportSettings(invocation: Invocation<Options>): Promise<void> {
  const { control } = await invocation.connect();
  const { settings } = await control.settings();
  const isSet = settings.flatMap(({ key, value }) => (value === null ? [] : [[key, value] as const]));
  invocation.result(Object.fromEntries(isSet), () => writeSettingsYaml(new Map(isSet)));
}

async function importSettings(invocation: Invocation<Options>): Promise<void> {
  requireReason(invocation.options);
  const given = readSettingsYaml(await readAll(invocation.cli));
  const { control } = await invocation.connect();
  const { changes, left } = planImport(given, await control.settings());
  for (const sentence of left) invocation.say(sentence);
  if (changes.length > 0) await set(invocation, changes);
  else invocation.say('there is nothing to set in it');
}

async function show(invocation: Invocation<Options>, keys: readonly string[]): Promise<void> {
  const { control } = await invocation.connect();
  const { settings, incumbentKeys, leftBehind } = await control.settings();
  const asked = keys.map((key): readonly [string, string | null] => {
    const ours = settings.find((row) => row.key === key);
    if (ours) return [key, ours.value ?? ours.fallback];
    const old = incumbentKeys.find((row) => row.key === key);
    if (old) return [key, old.value];
    const why =
      leftBehind.find(({ prefix }) => key.startsWith(prefix))?.why ??
      '"holdfast config" lists those that are';
    throw new CliError('no-such-setting', `${key} is no setting of a site: ${why}`);
  });
  if (keys.length > 0) return invocation.result(Object.fromEntries(asked), () => lines(asked));
  invocation.result(settings, () =>
    table(settings, [
      { header: 'Key', cell: (row) => row.key },
      { header: 'Set', cell: (row) => row.value },
      { header: 'In force', cell: (row) => row.running?.value },
      { header: 'By', cell: (row) => row.running?.from },
      {
        header: 'Next start',
        cell: (row) => (row.waiting ? (row.value ?? row.fallback ?? 'none') : undefined),
      },
    ]),
  );
}

function changeIn(word: string): Change {
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
