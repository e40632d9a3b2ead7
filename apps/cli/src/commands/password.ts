import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import {
  ask,
  askCode,
  givenCode,
  readAll,
  readPassword,
  readTextFile,
  withCodeWhenAsked,
  withPassword,
  type PasswordOptions,
  type Typed,
} from '../input/password.js';
import { Invocation } from '../invocation.js';

interface Options extends PasswordOptions {
  readonly secretFile?: string;
  readonly change?: true;
}

export function addPassword(program: Command, cli: Cli): void {
  const password = program
    .command('password')
    .description(
      'without a login, change your password; with one, set your first, with the enrolment secret that an admin gave you',
    )
    .argument('[login]', 'your login name')
    .option('--change', 'change the password of that login: of who cannot sign in, since it is too old')
    .option('--secret-file <file>', "read the enrolment secret from a file, such as the first admin's");
  withPassword(password).action(async (login: string | undefined, _options: unknown, command: Command) => {
    const invocation = new Invocation<Options>(cli, command);
    if (login === undefined || invocation.options.change) return changePassword(invocation, login);
    const { control } = await invocation.connect();
    const secret = await readSecret(cli, invocation.options);
    await control.setFirstPassword(login, secret, await newPassword(cli, invocation.options));
    invocation.result({ login }, () => `the password of ${login} is set\n`);
    invocation.say(`Sign in with it: holdfast login ${login}`);
  });
}

/** With the one before; a new session takes the place of all others. */
async function changePassword(invocation: Invocation<Options>, named: string | undefined): Promise<void> {
  const { control, sessions } = await invocation.connect();
  const login = named ?? (await sessions.get(control.url))?.login;
  if (login === undefined) {
    throw new CliError(
      'not-signed-in',
      'nobody is signed in here: "holdfast password <login> --change" says whose it is',
    );
  }
  const { newPassword: chosen, ...typed } = await readChange(invocation, login);
  const { token, expiresAt } = await withCodeWhenAsked(typed, (components) =>
    control.changePassword({ login, ...components, newPassword: chosen }),
  );
  await sessions.put(control.url, { token, login, expiresAt });
  invocation.result(
    { login, expiresAt },
    () => `the password of ${login} is changed; other sessions are ended\n`,
  );
}

/** Both passwords; with `--password-stdin` the old one, the new one and, if need be, the code are lines. */
async function readChange(
  { cli, options }: Invocation<Options>,
  login: string,
): Promise<Typed & { readonly newPassword: string }> {
  if (options.passwordStdin) {
    const [password = '', chosen = '', code = ''] = (await readAll(cli)).split(/\r?\n/);
    if (password === '' || chosen === '') {
      throw new CliError(
        'no-password',
        'standard input has the password in its first line, the new one in its second',
      );
    }
    return {
      password,
      newPassword: chosen,
      code: async () => givenCode(code, 'the second component is asked for: give its code as the third line'),
    };
  }
  const password = await readPassword(cli, options, `Password of ${login}: `);
  return { password, newPassword: await newPassword(cli, {}), code: () => askCode(cli) };
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
