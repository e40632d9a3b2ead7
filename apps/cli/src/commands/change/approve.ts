import { Option, type Command } from 'commander';
import type { Cli } from '../../cli.js';
import { withPassword } from '../../input/password.js';
import { withReason } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';
import { signDecision, type DecisionOptions } from './sign-decision.js';

export function addApprove(change: Command, cli: Cli): void {
  const approve = change
    .command('approve')
    .description('sign that the change may take effect; shows the record and asks for your password')
    .argument('<id>', 'such as CR-2026-0042')
    .option('--record-digest <digest>', 'go on only when the record still is the one with this digest')
    .addOption(
      new Option(
        '--security-key',
        'sign with your security key, in a browser; waits until you have',
      ).conflicts(['passwordStdin', 'passwordFile']),
    );
  withPassword(withReason(approve)).action(async (id: string, _options: unknown, command: Command) => {
    await signDecision(new Invocation<DecisionOptions>(cli, command), id, 'approve');
  });
}
