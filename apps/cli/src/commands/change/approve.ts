import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { Invocation } from '../../invocation.js';
import { signDecision, withDecision, type DecisionOptions } from './sign-decision.js';

export function addApprove(change: Command, cli: Cli): void {
  const approve = change
    .command('approve')
    .description('sign that the change may take effect; shows the record and asks for your password');
  withDecision(approve).action(async (id: string, _options: unknown, command: Command) => {
    await signDecision(new Invocation<DecisionOptions>(cli, command), id, 'approve');
  });
}
