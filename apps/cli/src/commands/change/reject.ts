import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { Invocation } from '../../invocation.js';
import { signDecision, withDecision, type DecisionOptions } from './sign-decision.js';

export function addReject(change: Command, cli: Cli): void {
  const reject = change
    .command('reject')
    .description('sign that the change shall not take effect; shows the record and asks for your password');
  withDecision(reject).action(async (id: string, _options: unknown, command: Command) => {
    await signDecision(new Invocation<DecisionOptions>(cli, command), id, 'reject');
  });
}
