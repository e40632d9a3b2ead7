import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';
import { recordId } from '../../input/record-id.js';

export function addClose(change: Command, cli: Cli): void {
  const close = change
    .command('close')
    .description('say that the record of a verified change is complete; for QA, not for its author')
    .argument('<id>', 'such as CR-2026-0042', recordId);
  withReason(close).action(async (id: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, command);
    const connection = await invocation.connect();
    const outcome = await connection.control.life.close(id, reasonOf(invocation.options));
    await connection.remember(outcome.cursor);
    invocation.result(outcome, () => `${outcome.id} ${outcome.status}\n`);
  });
}
