import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import {
  askCode,
  readComponents,
  withBothWhenAsked,
  withPassword,
  type PasswordOptions,
} from '../input/password.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import type { Connection } from '../session/connection.js';

interface Options extends PasswordOptions, ReasonOptions {}

export function addSecondComponent(program: Command, cli: Cli): void {
  const second = program
    .command('second-component')
    .description('your authenticator app, whose codes signing in and signing take beside the password');
  addEnrol(second, cli);
  second
    .command('confirm')
    .description('enrol with the first code of the app; from a script it comes on standard input')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      await confirm(invocation, await invocation.connect());
    });
  const remove = second
    .command('remove')
    .description('give it up; asks for your password and a code. Two others reset one that was lost');
  withPassword(withReason(remove)).action(async (_options: unknown, command: Command) => {
    const invocation = new Invocation<Options>(cli, command);
    const connection = await invocation.connect();
    const reason = reasonOf(invocation.options);
    const done = await withBothWhenAsked(await readComponents(cli, invocation.options), (components) =>
      connection.control.removeSecondComponent({ ...components, reason }),
    );
    await connection.remember(done.cursor);
    invocation.result(done, () => 'your second component is removed\n');
  });
}

function addEnrol(second: Command, cli: Cli): void {
  const enrol = second
    .command('enrol')
    .description('print a secret for your authenticator app, this once, and ask for its first code');
  withPassword(withReason(enrol)).action(async (_options: unknown, command: Command) => {
    const invocation = new Invocation<Options>(cli, command);
    const connection = await invocation.connect();
    const reason = reasonOf(invocation.options);
    const offered = await withBothWhenAsked(await readComponents(cli, invocation.options), (components) =>
      connection.control.offerSecondComponent({ ...components, reason }),
    );
    await connection.remember(offered.cursor);
    const { secret, otpauthUri } = offered;
    if (!cli.stdin.isTTY || invocation.options.format === 'json') {
      invocation.result(offered, () => `${secret}\n${otpauthUri}\n`);
      invocation.say('It counts once "holdfast second-component confirm" was given its first code.');
      return;
    }
    invocation.say(
      `Give your authenticator app this secret; it is not shown again:\n${secret}\n${otpauthUri}`,
    );
    await confirm(invocation, connection);
  });
}

async function confirm(invocation: Invocation, connection: Connection): Promise<void> {
  const done = await connection.control.confirmSecondComponent(await askCode(invocation.cli));
  await connection.remember(done.cursor);
  invocation.result(done, () => 'your second component is enrolled\n');
}
