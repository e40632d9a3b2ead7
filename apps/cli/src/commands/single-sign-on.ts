import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';

/** As whom a person signs in at the site's identity provider: an admin asks, and they accept it themself. */
export function addSingleSignOn(people: Command, cli: Cli): void {
  const ask = people
    .command('single-sign-on')
    .description('ask a person to sign in with single sign-on; nothing counts until they accept it themself')
    .argument('<login>')
    .argument('<subject>', 'as whom the identity provider knows them; it tells who tries to sign in');
  withReason(ask).action(async (login: string, subject: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, command);
    const connection = await invocation.connect();
    const body = { subject, reason: reasonOf(invocation.options) };
    const done = await connection.control.person.requestSingleSignOn(login, body);
    await connection.remember(done.cursor);
    invocation.result(
      { login, subject, ...done },
      () => `${login} may sign in as ${subject}, once accepted\n`,
    );
    if (invocation.options.format === 'table') {
      const page = new URL('/security-key', connection.control.url);
      invocation.say(`They accept it within a week, with their own password: ${page.href}`);
    }
  });
  const remove = people
    .command('remove-single-sign-on')
    .description('take single sign-on from a person, at once; they sign in with their password')
    .argument('<login>');
  withReason(remove).action(async (login: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, command);
    const connection = await invocation.connect();
    const done = await connection.control.person.removeSingleSignOn(login, reasonOf(invocation.options));
    await connection.remember(done.cursor);
    invocation.result({ login, ...done }, () => `${login} no longer signs in with single sign-on\n`);
  });
}
