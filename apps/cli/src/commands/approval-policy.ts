import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { readAll, readTextFile } from '../input/password.js';
import { withReason } from '../input/reason.js';
import { withRequestOptions } from '../input/request-options.js';
import { Invocation } from '../invocation.js';
import { readRulesFile } from '../policy/read-rules.js';
import { writeRulesFile } from '../policy/write-rules.js';
import { submitItems, type SubmitOptions } from './submit-items.js';

/** What it takes, in a ring, for a change to be approved: what it is, and asking for another. */
export function addApprovalPolicy(program: Command, cli: Cli): void {
  const policy = program
    .command('approval-policy')
    .description(
      'what it takes, in a ring, for a change to be approved: how many signatures, in which roles',
    );
  policy
    .command('show')
    .description('what is in force, as the file that "approval-policy set" takes')
    .argument('[ring]', 'its name', 'default')
    .action(async (ring: string, _options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const found = await control.approvalPolicy(ring);
      invocation.result(found, () => writeRulesFile(found));
    });
  const set = policy
    .command('set')
    .description('ask that a ring asks for what a file says: submits a change request')
    .argument('<ring>', 'its name')
    .requiredOption('--file <file>', 'YAML: rules by kind of change, with a default; - for standard input');
  withReason(withRequestOptions(set)).action(async (ring: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<SubmitOptions & { readonly file: string }>(cli, command);
    const { file } = invocation.options;
    const rules =
      file === '-'
        ? readRulesFile(await readAll(cli), 'standard input')
        : readRulesFile(await readTextFile(file), file);
    await submitItems(invocation, [{ kind: 'approval-policy', rules }], { ...invocation.options, ring });
  });
}
