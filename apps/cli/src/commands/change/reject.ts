import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { Invocation } from '../../invocation.js';
import { withSigning, type SigningOptions } from '../../input/signing.js';
import { signDecision } from './sign-decision.js';
import { recordId } from '../../input/record-id.js';

export function addReject(change: Command, cli: Cli): void {
  const reject = change
    .command('reject')
    .description('sign that the change shall not take effect; shows the record and asks for your password')
    .argument('<id>', 'such as CR-2026-0042', recordId);
  withSigning(reject).action(async (id: string, _options: unknown, command: Command) => {
    await signDecision(new Invocation<SigningOptions>(cli, command), id, 'reject');
  });
}
