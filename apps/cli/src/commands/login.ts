import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { readComponents, withCodeWhenAsked, withPassword, type PasswordOptions } from '../input/password.js';
import { Invocation } from '../invocation.js';

export function addLogin(program: Command, cli: Cli): void {
  const login = program
    .command('login')
    .description('sign in; the session is kept in a file that only you can read')
    .argument('<login>', 'your login name');
  withPassword(login).action(async (name: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<PasswordOptions>(cli, command);
    const { control, sessions } = await invocation.connect();
    const typed = await readComponents(cli, invocation.options, `Password of ${name}: `);
    const { token, person, expiresAt, changePasswordBy } = await withCodeWhenAsked(typed, (components) =>
      control.signIn({ login: name, ...components }),
    );
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
