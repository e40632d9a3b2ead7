import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';

export function addSubmit(change: Command, cli: Cli): void {
  const submit = change
    .command('submit')
    .description('hand a draft in, or hand a request in again whose capture was refused')
    .argument('<id>', 'such as CR-2026-0042');
  withReason(submit).action(async (id: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, command);
    const connection = await invocation.connect();
    const outcome = await connection.control.submitChange(id, reasonOf(invocation.options));
    await connection.remember(outcome.cursor);
    invocation.result(outcome, () => `${outcome.id} ${outcome.status}\n`);
  });
}
