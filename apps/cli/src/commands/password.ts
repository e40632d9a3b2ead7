import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { ask, readPassword, readTextFile, withPassword, type PasswordOptions } from '../input/password.js';
import { Invocation } from '../invocation.js';

interface Options extends PasswordOptions {
  readonly secretFile?: string;
}

export function addPassword(program: Command, cli: Cli): void {
  const password = program
    .command('password')
    .description('set your first password, with the enrolment secret that an admin gave you')
    .argument('<login>', 'your login name')
    .option('--secret-file <file>', "read the enrolment secret from a file, such as the first admin's");
  withPassword(password).action(async (login: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<Options>(cli, command);
    const { control } = await invocation.connect();
    const secret = await readSecret(cli, invocation.options);
    await control.setFirstPassword(login, secret, await newPassword(cli, invocation.options));
    invocation.result({ login }, () => `the password of ${login} is set\n`);
  });
}

async function readSecret(cli: Cli, { secretFile }: Options): Promise<string> {
  if (secretFile !== undefined) return secretOf(await readTextFile(secretFile));
  return (await ask(cli, 'Enrolment secret: ', 'give --secret-file')).trim();
}

/** Typed twice at a terminal: what nobody can see is easily mistyped. */
async function newPassword(cli: Cli, options: PasswordOptions): Promise<string> {
  const password = await readPassword(cli, options, 'New password: ');
  if (options.passwordFile !== undefined || options.passwordStdin) return password;
  if ((await readPassword(cli, options, 'Again: ')) !== password) {
    throw new CliError('no-password', 'these were two different passwords');
  }
  return password;
}

/** A file of the secret alone, or the JSON that the first admin's has. */
function secretOf(text: string): string {
  if (!text.trimStart().startsWith('{')) return text.trim();
  const { secret } = JSON.parse(text) as { secret?: unknown };
  if (typeof secret !== 'string') throw new CliError('no-password', 'the file holds no secret');
  return secret;
}
