import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';
import { recordId } from '../../input/record-id.js';

export function addRecall(change: Command, cli: Cli): void {
  const recall = change
    .command('recall')
    .description(
      'stop what is approved or scheduled before it is in force; for its author, operators, approvers and QA',
    )
    .argument('<id>', 'such as CR-2026-0042', recordId);
  withReason(recall).action(async (id: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, command);
    const connection = await invocation.connect();
    const outcome = await connection.control.life.recall(id, reasonOf(invocation.options));
    await connection.remember(outcome.cursor);
    invocation.result(outcome, () => `${outcome.id} ${outcome.status}\n`);
  });
}
