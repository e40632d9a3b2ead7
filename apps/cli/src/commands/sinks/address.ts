import { Argument, type Command } from 'commander';
import type { Cli } from '../../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';
import { table } from '../../output/table.js';

/** `holdfast sink addresses`, `holdfast sink address LOGIN [ADDRESS]` */
export function addAddresses(sink: Command, cli: Cli): void {
  sink
    .command('addresses')
    .description('where people get mail')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const { addresses } = await control.sinks.addresses();
      invocation.result(addresses, () =>
        table(addresses, [
          { header: 'Login', cell: ({ login }) => login },
          { header: 'Address', cell: ({ address }) => address },
        ]),
      );
    });
  const address = sink
    .command('address')
    .description(
      "say where a person gets mail: one's own, or as an operator anybody's; it stays in the record",
    )
    .addArgument(new Argument('<login>', 'whose'))
    .addArgument(new Argument('[address]', 'left out: nowhere any more'));
  withReason(address).action(
    async (login: string, mail: string | undefined, _options: unknown, command: Command) => {
      const invocation = new Invocation<ReasonOptions>(cli, command);
      const connection = await invocation.connect();
      const body = { login, address: mail ?? null, reason: reasonOf(invocation.options) };
      const done = await connection.control.sinks.setAddress(body);
      await connection.remember(done.cursor);
      invocation.result(done, () => `${login} gets mail ${mail === undefined ? 'nowhere' : `at ${mail}`}\n`);
    },
  );
}
