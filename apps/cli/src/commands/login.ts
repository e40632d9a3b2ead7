import { Option, type Command } from 'commander';
import type { Control } from '../api/control.js';
import type { Cli } from '../cli.js';
import { readComponents, withCodeWhenAsked, withPassword, type PasswordOptions } from '../input/password.js';
import { Invocation } from '../invocation.js';
import { browserSignIn } from '../session/browser-sign-in.js';

interface LoginOptions extends PasswordOptions {
  readonly browser?: true;
}

export function addLogin(program: Command, cli: Cli): void {
  const login = program
    .command('login')
    .description('sign in; the session is kept in a file that only you can read')
    .argument('<login>', 'your login name')
    .addOption(
      new Option(
        '--browser',
        'sign in in a browser on this machine, with your security key or single sign-on',
      ).conflicts(['passwordStdin', 'passwordFile']),
    );
  withPassword(login).action(async (name: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<LoginOptions>(cli, command);
    const { control, sessions } = await invocation.connect();
    const signedIn = invocation.options.browser
      ? await inBrowser(invocation, control, name)
      : await withPasswordOf(invocation, control, name);
    const { token, person, expiresAt, changePasswordBy } = signedIn;
    await sessions.put(control.url, { token, login: person.login, expiresAt });
    // The token itself is shown to nobody: HOLDFAST_TOKEN is for those who fetch their own.
    invocation.result({ person, expiresAt }, () => `${person.name} is signed in until ${expiresAt}\n`);
    if (changePasswordBy) {
      invocation.say(
        `Your password has to be changed by ${changePasswordBy}: "holdfast password" changes it.`,
      );
    }
  });
}

type SignedIn = Awaited<ReturnType<Control['signIn']>>;

async function withPasswordOf(
  { cli, options }: Invocation<LoginOptions>,
  control: Control,
  login: string,
): Promise<SignedIn> {
  const typed = await readComponents(cli, options, `Password of ${login}: `);
  return withCodeWhenAsked(typed, (components) => control.signIn({ login, ...components }));
}

async function inBrowser(invocation: Invocation, control: Control, login: string): Promise<SignedIn> {
  const handedOver = await browserSignIn((wanted, check) => {
    wanted.set('login', login);
    const page = new URL('/security-key', control.url);
    page.hash = wanted.toString();
    invocation.say(`Sign in in a browser on this machine, where the page shows ${check} too:\n${page.href}`);
  });
  return control.redeemHandOver(handedOver);
}
