import type { Command } from 'commander';
import type { Control } from '../api/control.js';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { readComponents, withBothWhenAsked, withPassword, type PasswordOptions } from '../input/password.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import { table } from '../output/table.js';

export function addSecurityKey(program: Command, cli: Cli): void {
  const keys = program
    .command('security-key')
    .description('your security keys (FIDO2), which sign in and sign beside the password: in a browser');
  keys
    .command('enrol')
    .description('say at which page a browser enrols one')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const page = await securityKeyPage(control);
      invocation.result({ page }, () => `${page}\n`);
      invocation.say(
        'Open it in a browser on the machine that your key is at. Your other sessions end with it.',
      );
    });
  keys
    .command('list')
    .description('those that you have enrolled')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const { securityKeys } = await control.securityKeys();
      invocation.result(securityKeys, () =>
        table(securityKeys, [
          { header: 'Name', cell: ({ name }) => name },
          { header: 'Reached by', cell: ({ transports }) => transports.join(',') },
          { header: 'Count', cell: ({ signCount }) => String(signCount) },
          { header: 'Id', cell: ({ id }) => id },
        ]),
      );
    });
  const remove = keys
    .command('remove')
    .description(
      'give one up; asks for your password and a code. Without an authenticator app, the page of "enrol" does it',
    )
    .argument('<name>', 'as "list" shows it');
  withPassword(withReason(remove)).action(async (name: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions & PasswordOptions>(cli, command);
    const connection = await invocation.connect();
    const reason = reasonOf(invocation.options);
    const { securityKeys } = await connection.control.securityKeys();
    const key = securityKeys.find((each) => each.name === name);
    if (!key) throw new CliError('no-such-security-key', `you have no security key of the name ${name}`);
    const typed = await readComponents(cli, invocation.options);
    const done = await withBothWhenAsked(typed, (components) =>
      connection.control.removeSecurityKey(key.id, { ...components, reason }),
    );
    await connection.remember(done.cursor);
    invocation.result(done, () => `${name} is removed\n`);
  });
}

/** @throws CliError `security-keys-unavailable` */
export async function securityKeyPage(control: Control): Promise<string> {
  const { page } = await control.securityKeys();
  if (page !== null) return page;
  throw new CliError(
    'security-keys-unavailable',
    'browsers use security keys only with a site that has a name and HTTPS: "holdfast config set control-url=https://…" gives it one',
  );
}
