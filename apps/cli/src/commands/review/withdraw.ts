import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';
import { recordId } from '../../input/record-id.js';

export function addWithdraw(review: Command, cli: Cli): void {
  const withdraw = review
    .command('withdraw')
    .description('end one that nobody will sign; it stays on record')
    .argument('<id>', 'such as TR-0042', recordId);
  withReason(withdraw).action(async (id: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, command);
    const connection = await invocation.connect();
    const done = await connection.control.reviews.withdraw(id, { reason: reasonOf(invocation.options) });
    await connection.remember(done.cursor);
    invocation.result(done, () => `${id} ${done.status}\n`);
  });
}
