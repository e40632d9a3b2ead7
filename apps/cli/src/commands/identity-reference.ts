import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { readComponents, withBothWhenAsked, withPassword, type PasswordOptions } from '../input/password.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';

/** By what the site knows somebody who is enrolled already: two people say the same. */
export function addIdentityReference(people: Command, cli: Cli): void {
  const ask = people
    .command('identify')
    .description(
      'say by what the site knows a person, such as the employee number; a second person says the same',
    )
    .argument('<login>')
    .argument('<reference>');
  withReason(ask).action(async (login: string, reference: string, _options: unknown, self: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, self);
    const connection = await invocation.connect();
    const body = { identityReference: reference, reason: reasonOf(invocation.options) };
    const done = await connection.control.person.requestIdentityReference(login, body);
    await connection.remember(done.cursor);
    invocation.result({ login, ...done }, () =>
      done.recorded
        ? `the identity reference of ${login} is recorded\n`
        : `it is recorded once another admin, or qa, says "holdfast people confirm-identity ${login}" with the same\n`,
    );
  });
  const confirm = people
    .command('confirm-identity')
    .description('say by what the site knows a person, as the second one who says so')
    .argument('<login>')
    .argument('<reference>');
  withPassword(withReason(confirm)).action(
    async (login: string, identityReference: string, _options: unknown, self: Command) => {
      const invocation = new Invocation<ReasonOptions & PasswordOptions>(cli, self);
      const connection = await invocation.connect();
      const reason = reasonOf(invocation.options);
      const typed = await readComponents(cli, invocation.options);
      const done = await withBothWhenAsked(typed, (components) =>
        connection.control.person.confirmIdentityReference(login, {
          ...components,
          identityReference,
          reason,
        }),
      );
      await connection.remember(done.cursor);
      invocation.result({ login, ...done }, () => `the identity reference of ${login} is recorded\n`);
    },
  );
}
