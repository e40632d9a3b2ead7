import type { Command } from 'commander';
import type { Reason } from '#kernel';
import type { Change, SettingRow } from '../api/types.js';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { readAll, withPassword, type PasswordOptions } from '../input/password.js';
import { addReason, reasonOf, requireReason, type ReasonOptions } from '../input/reason.js';
import { readSettingsYaml, writeSettingsYaml } from '../input/settings-yaml.js';
import { changeIn, refuseSecretArguments, withInput } from '../input/setting-values.js';
import { Invocation } from '../invocation.js';
import { changeLines, setText } from '../output/settings.js';
import { lines, table } from '../output/table.js';
import type { Connection } from '../session/connection.js';
import { confirmSetting } from './confirm-setting.js';
import { planImport, signingApart } from './import-settings.js';

interface Options extends Partial<ReasonOptions>, PasswordOptions {
  readonly exportYaml?: true;
  readonly importYaml?: true;
  readonly withSecrets?: true;
  readonly reveal?: true;
  readonly confirm?: true;
}

export function addConfig(program: Command, cli: Cli): void {
  const config = program
    .command('config')
    .description("the site's settings: all of them, some, or new values for some")
    .argument(
      '[key[=value]...]',
      'such as cache-size to see one, cache-size=16G to set it, cache-size= for its default, KEY=- for a secret, which is asked for or read from standard input; several are set together or not at all',
    )
    .option('--export-yaml', 'what is set, as YAML')
    .option('--import-yaml', 'set what standard input says: such YAML, or what the Snap Store Proxy exports')
    .option('--with-secrets', 'with --export-yaml: the secrets too, in clear; each is on record as shown')
    .option('--reveal', 'show secrets in clear, those that are named; each is on record as shown')
    .option(
      '--confirm',
      'set KEY=VALUE, which another admin, or qa, asked for: of a setting by which people sign',
    );
  withPassword(addReason(config, 'only to set something, or to see a secret')).action(
    async (words: string[], _options: unknown, command: Command) => {
      const invocation = new Invocation<Options>(cli, command);
      const { exportYaml, importYaml, withSecrets, reveal, confirm } = invocation.options;
      const changes = words.filter((word) => word.includes('=')).map(changeIn);
      const ways = [exportYaml, importYaml, changes.length > 0, words.length > changes.length];
      if (ways.filter(Boolean).length > 1)
        throw new CliError(
          'usage',
          'name keys to see them, or KEY=VALUE to set them, or export, or import: one of these at once',
        );
      if ((withSecrets && !exportYaml) || (reveal && (words.length === 0 || changes.length > 0)))
        throw new CliError(
          'usage',
          '--reveal takes keys, as in "config KEY --reveal"; --with-secrets goes with --export-yaml',
        );
      if (confirm) return confirmSetting(invocation, changes);
      if (exportYaml) return exportSettings(invocation);
      if (importYaml) return importSettings(invocation);
      if (reveal) return revealSettings(invocation, words);
      return changes.length === 0 ? show(invocation, words) : setGiven(invocation, changes);
    },
  );
}

async function setGiven(invocation: Invocation<Options>, given: readonly Change[]): Promise<void> {
  const reason = reasonOf(requireReason(invocation.options));
  const connection = await invocation.connect();
  refuseSecretArguments(given, (await connection.control.settings.show()).settings);
  await set(invocation, connection, await withInput(invocation.cli, given), reason);
}

async function set(
  invocation: Invocation<Options>,
  connection: Connection,
  changes: readonly Change[],
  reason: Reason,
): Promise<void> {
  const { settings, cursor } = await connection.control.settings.change({ changes, reason });
  await connection.remember(cursor);
  const asked = settings.filter(({ requested }) => requested);
  const made = changes.filter(({ key }) => !asked.some((row) => row.key === key));
  invocation.result(settings, () => lines(changeLines(made, settings)));
  for (const sentence of asked.flatMap(confirmationOf)) invocation.say(sentence);
  for (const sentence of settings.filter((row) => !asked.includes(row)).flatMap(whenOf))
    invocation.say(sentence);
}

async function revealSettings(invocation: Invocation<Options>, keys: readonly string[]): Promise<void> {
  const reason = reasonOf(requireReason(invocation.options));
  const revealed = await reveal(await invocation.connect(), keys, reason);
  invocation.result(Object.fromEntries(revealed), () => lines([...revealed]));
}

async function reveal(
  connection: Connection,
  keys: readonly string[],
  reason: Reason,
): Promise<ReadonlyMap<string, string>> {
  const { secrets, cursor } = await connection.control.settings.reveal({ keys, reason });
  await connection.remember(cursor);
  return new Map(secrets.map(({ key, value }) => [key, value]));
}

async function exportSettings(invocation: Invocation<Options>): Promise<void> {
  const { options } = invocation;
  const reason = options.withSecrets ? reasonOf(requireReason(options)) : undefined;
  const connection = await invocation.connect();
  const { settings } = await connection.control.settings.show();
  const secrets = settings.filter(({ digest }) => digest !== null).map(({ key }) => key);
  const shown = reason && secrets.length > 0 ? await reveal(connection, secrets, reason) : undefined;
  const isSet = settings.flatMap(({ key, value }) => {
    const text = shown?.get(key) ?? value;
    return text === null ? [] : [[key, text] as const];
  });
  invocation.result(Object.fromEntries(isSet), () => writeSettingsYaml(new Map(isSet)));
  if (!shown)
    for (const key of secrets)
      invocation.say(`${key} is left out, since it is secret: --with-secrets --reason "…" exports it too`);
}

async function importSettings(invocation: Invocation<Options>): Promise<void> {
  const reason = reasonOf(requireReason(invocation.options));
  const given = readSettingsYaml(await readAll(invocation.cli));
  const connection = await invocation.connect();
  const shown = await connection.control.settings.show();
  const plan = planImport(given, shown);
  const { others: changes, left } = signingApart(plan.changes, shown.settings);
  for (const sentence of [...plan.left, ...left]) invocation.say(sentence);
  if (changes.length > 0) await set(invocation, connection, changes, reason);
  else invocation.say('there is nothing to set in it');
}

async function show(invocation: Invocation<Options>, keys: readonly string[]): Promise<void> {
  const { control } = await invocation.connect();
  const { settings, incumbentKeys, leftBehind } = await control.settings.show();
  const asked = keys.map((key): readonly [string, string | null] => {
    const ours = settings.find((row) => row.key === key);
    if (ours) return [key, setText(ours) ?? ours.fallback];
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
      { header: 'Set', cell: setText },
      { header: 'In force', cell: (row) => row.running && setText(row.running) },
      { header: 'By', cell: (row) => row.running?.from },
      ...(settings.some(({ requested }) => requested)
        ? [
            {
              header: 'To confirm',
              cell: ({ requested }: SettingRow) => requested && (requested.value ?? 'default'),
            },
          ]
        : []),
      {
        header: 'Next start',
        cell: (row) => (row.waiting ? (setText(row) ?? row.fallback ?? 'none') : undefined),
      },
    ]),
  );
}

/** Who makes it a change, in a sentence. */
function confirmationOf({ key, requested }: SettingRow): string[] {
  if (!requested) return [];
  const word = `${key}=${requested.value ?? ''}`;
  return [
    `${word} waits for another admin, or qa, who says "holdfast config --confirm ${word}" before ${requested.expiresAt}`,
  ];
}

/** When a change is in force, in a sentence, where there is something to say. */
function whenOf({ key, variable, readBy, running, waiting }: SettingRow): string[] {
  if (running?.from === 'environment')
    return [`${key} has no effect while ${variable} is in the environment of the servers, which wins`];
  if (running && !waiting) return [];
  return [`${key} is in force from the next start of ${readBy.join(', ')}`];
}
