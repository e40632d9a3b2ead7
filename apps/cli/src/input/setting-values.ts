import type { Change, SettingRow } from '../api/types.js';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { promptHidden } from './prompt.js';
import { readAll } from './password.js';

/** In the place of a value: it comes by standard input. */
const FROM_INPUT = '-';

/** `KEY=VALUE`, `KEY=-`, `KEY=`. */
export function changeIn(word: string): Change {
  const at = word.indexOf('=');
  const value = word.slice(at + 1);
  return { key: word.slice(0, at), value: value === '' ? null : value };
}

/** @throws CliError `usage` for a secret among them, which it does not show: everybody on the machine sees what a program was called with */
export function refuseSecretArguments(changes: readonly Change[], settings: readonly SettingRow[]): void {
  const secrets = new Set(settings.filter(({ secret }) => secret).map(({ key }) => key));
  const shown = changes.find(
    ({ key, value }) =>
      value !== null && value !== FROM_INPUT && (secrets.has(key) || /\/\/[^/?#]*@/.test(value)),
  );
  if (shown === undefined) return;
  throw new CliError(
    'usage',
    `nothing was changed: ${shown.key} has a secret in it, and other users of this machine can see the arguments of a command: say ${shown.key}=-, and type it when you are asked, or give it on standard input`,
  );
}

/** The changes with what standard input says, or a person types, for the one that is `KEY=-`. @throws CliError `usage`, `no-password` */
export async function withInput(cli: Cli, changes: readonly Change[]): Promise<readonly Change[]> {
  const [first, second] = changes.filter(({ value }) => value === FROM_INPUT);
  if (first === undefined) return changes;
  if (second !== undefined)
    throw new CliError('usage', `standard input says one value: ${first.key}, or ${second.key}`);
  const value = await readLine(cli, first.key);
  return changes.map((change) => (change === first ? { key: change.key, value } : change));
}

async function readLine(cli: Cli, key: string): Promise<string> {
  const text = cli.stdin.isTTY ? await promptHidden(cli.stdin, cli.stderr, `${key}: `) : await readAll(cli);
  const [line = ''] = text.split(/\r?\n/, 1);
  if (line !== '') return line;
  throw new CliError('usage', `no value was given for ${key}: nothing was changed; ${key}= gives it up`);
}
