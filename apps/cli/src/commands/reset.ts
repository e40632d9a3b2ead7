import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { readComponents, withBothWhenAsked, withPassword, type PasswordOptions } from '../input/password.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';

/** Of a forgotten password, or a lost second component: two people, each with a part of the new secret. */
export function addReset(people: Command, cli: Cli): void {
  const reset = people
    .command('reset')
    .description('ask for a person to be reset; prints the first part of their new secret')
    .argument('<login>');
  withReason(reset).action(async (login: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, command);
    const connection = await invocation.connect();
    const asked = await connection.control.requestReset(login, reasonOf(invocation.options));
    await connection.remember(asked.cursor);
    invocation.result(asked, () => `${asked.firstPart}\n`);
    if (invocation.options.format === 'table') {
      invocation.say(
        `Give it to ${login}, who gets the rest from whoever says "holdfast people confirm-reset ${login}" within a week: another admin, or qa.`,
      );
    }
  });
  const confirm = people
    .command('confirm-reset')
    .description('reset a person, as the second one who says so; prints the other part of their new secret')
    .argument('<login>');
  withPassword(withReason(confirm)).action(async (login: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions & PasswordOptions>(cli, command);
    const connection = await invocation.connect();
    const reason = reasonOf(invocation.options);
    const typed = await readComponents(cli, invocation.options);
    const done = await withBothWhenAsked(typed, (components) =>
      connection.control.confirmReset(login, { ...components, reason }),
    );
    await connection.remember(done.cursor);
    invocation.result(done, () => `${done.secondPart}\n`);
    if (invocation.options.format === 'table') {
      invocation.say(
        `Password, second component, sessions and tokens of ${login} are void. Give them this part: "holdfast password ${login}" takes both, the first one first, before ${done.expiresAt}.`,
      );
    }
  });
}
