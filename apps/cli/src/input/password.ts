import { readFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import type { Cli } from '../cli.js';
import { isRefusal } from '../api/problem.js';
import { CliError } from '../cli-error.js';
import { promptHidden, promptShown } from './prompt.js';

export interface PasswordOptions {
  readonly passwordStdin?: true;
  readonly passwordFile?: string;
}

/** Never as an argument: other people of the machine see those. */
export function withPassword(command: Command): Command {
  return command
    .addOption(
      new Option('--password-stdin', 'read the password from standard input').conflicts('passwordFile'),
    )
    .option('--password-file <file>', 'read the password from the first line of a file');
}

/** @throws CliError `no-password` where nobody can be asked; `unreadable-file` */
export async function readPassword(
  cli: Cli,
  options: PasswordOptions,
  prompt = 'Password: ',
): Promise<string> {
  if (options.passwordFile !== undefined) return readSecretFile(options.passwordFile);
  if (options.passwordStdin) return firstLine(await readAll(cli), 'standard input');
  const typed = await ask(cli, prompt, 'give --password-stdin or --password-file');
  if (typed === '') throw new CliError('no-password', 'no password was typed: nothing was done');
  return typed;
}

/** A password, and where the code of an authenticator app comes from when it is asked for. */
export interface Typed {
  readonly password: string;
  readonly code: () => Promise<string>;
}

/** Within a session: the same, and where the login comes from when it is asked for. */
export interface TypedInSession extends Typed {
  readonly login: () => Promise<string>;
}

/**
 * The password; with `--password-stdin` the code, or the login, is the line after it.
 * @throws CliError `no-password` where nobody can be asked; `unreadable-file`
 */
export async function readComponents(
  cli: Cli,
  options: PasswordOptions,
  prompt = 'Password: ',
): Promise<TypedInSession> {
  if (options.passwordFile === undefined && options.passwordStdin) {
    const [password = '', second = ''] = (await readAll(cli)).split(/\r?\n/);
    return {
      password: firstLine(password, 'standard input'),
      code: async () =>
        givenCode(second, 'the second component is asked for: give its code as the second line'),
      login: async () => givenLogin(second, 'the login is asked for: give it as the second line'),
    };
  }
  const password = await readPassword(cli, options, prompt);
  return { password, code: () => askCode(cli), login: () => askLogin(cli) };
}

/** What an authenticator app shows, asked for without echo; from a script the first line of standard input. */
export async function askCode(cli: Cli): Promise<string> {
  const typed = cli.stdin.isTTY
    ? await promptHidden(cli.stdin, cli.stderr, 'Code of your authenticator app: ')
    : (await readAll(cli)).split(/\r?\n/, 1)[0];
  return givenCode(typed ?? '', 'the second component is asked for: give its code on standard input');
}

/** The login of who signs, which is one of their two components while they have no second one of another kind; from a script as a code. */
export async function askLogin(cli: Cli): Promise<string> {
  const typed = cli.stdin.isTTY
    ? await promptShown(cli.stdin, cli.stderr, 'Your login: ')
    : (await readAll(cli)).split(/\r?\n/, 1)[0];
  return givenLogin(typed ?? '', 'the login is asked for: give it on standard input');
}

function givenLogin(typed: string, otherwise: string): string {
  const login = typed.trim();
  if (login === '') throw new CliError('no-password', otherwise);
  return login;
}

/** Apps show a code in two halves. */
export function givenCode(typed: string, otherwise: string): string {
  const code = typed.replaceAll(/\s/g, '');
  if (code === '') throw new CliError('no-password', otherwise);
  return code;
}

/** What the server is given: first the password alone, and the code with it when it is asked for. */
export async function withCodeWhenAsked<Answer>(
  { password, code }: Typed,
  call: (components: { readonly password: string; readonly code?: string }) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await call({ password });
  } catch (error) {
    if (!isRefusal(error, 'second-component-required')) throw error;
    return call({ password, code: await code() });
  }
}

/** The same within a session: the login goes with the password as well, when it is asked for. */
export async function withBothWhenAsked<Answer>(
  typed: TypedInSession,
  call: (components: {
    readonly login?: string;
    readonly password: string;
    readonly code?: string;
  }) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await withCodeWhenAsked(typed, call);
  } catch (error) {
    if (!isRefusal(error, 'login-required')) throw error;
    return call({ login: await typed.login(), password: typed.password });
  }
}

/** Asks on the terminal. @throws CliError `no-password` when there is none */
export async function ask(cli: Cli, prompt: string, otherwise: string): Promise<string> {
  if (!cli.stdin.isTTY) throw new CliError('no-password', `there is no terminal to ask on; ${otherwise}`);
  return promptHidden(cli.stdin, cli.stderr, prompt);
}

/** A file whole. @throws CliError `unreadable-file` */
export async function readTextFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CliError('unreadable-file', `${path} cannot be read`, { cause });
  });
}

/** The first line of a file. @throws CliError `unreadable-file`, `no-password` when it is empty */
export async function readSecretFile(path: string): Promise<string> {
  return firstLine(await readTextFile(path), path);
}

function firstLine(text: string, where: string): string {
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  if (line === '')
    throw new CliError('no-password', `${where} begins with an empty line, not with a password`);
  return line;
}

/** Standard input whole. */
export async function readAll(cli: Cli): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of cli.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
