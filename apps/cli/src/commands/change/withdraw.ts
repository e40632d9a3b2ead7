import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';
import { recordId } from '../../input/record-id.js';

export function addWithdraw(change: Command, cli: Cli): void {
  const withdraw = change
    .command('withdraw')
    .description('take your request back before it is decided on')
    .argument('<id>', 'such as CR-2026-0042', recordId);
  withReason(withdraw).action(async (id: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, command);
    const connection = await invocation.connect();
    const outcome = await connection.control.withdrawChange(id, reasonOf(invocation.options));
    await connection.remember(outcome.cursor);
    invocation.result(outcome, () => `${outcome.id} ${outcome.status}\n`);
  });
}
