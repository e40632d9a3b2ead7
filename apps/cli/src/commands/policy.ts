import type { Command } from 'commander';
import type { Control } from '../api/control.js';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { readAll, readTextFile } from '../input/password.js';
import { addReason, reasonOf, requireReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import { submitOrDraft } from './drafted-to-sign.js';
import { table } from '../output/table.js';
import { differences, type Difference } from '../policy/differences.js';
import type { PolicyFile } from '../policy/policy.js';
import { readPolicy } from '../policy/read-policy.js';
import { writePolicy } from '../policy/write-policy.js';

const FILE = 'the file; - for standard input';

export function addPolicy(program: Command, cli: Cli): void {
  const policy = program.command('policy').description("a ring's whole policy, as one YAML file");
  addExport(policy, cli);
  policy
    .command('diff')
    .description('what applying a file would change; writes nothing')
    .argument('<file>', FILE)
    .action(async (file: string, _options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const wanted = await policyIn(file, cli);
      const { control } = await invocation.connect();
      const { found, moved } = await compare(control, wanted);
      invocation.result(found, () => differencesText(found));
      if (moved) invocation.say(`${movedSince(file, wanted)}: "policy apply" would refuse it.`);
    });
  addApply(policy, cli);
}

function addExport(policy: Command, cli: Cli): void {
  policy
    .command('export')
    .description('write what is in force to standard output')
    .option('--ring <ring>', 'of this ring', 'default')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation<{ ring: string }>(cli, command);
      const { control } = await invocation.connect();
      const inForce = await control.policy(invocation.options.ring);
      invocation.result(inForce, () => writePolicy(inForce));
    });
}

function addApply(policy: Command, cli: Cli): void {
  const apply = policy
    .command('apply')
    .description(
      'ask that the ring becomes what the file says: submits one change request of all differences',
    )
    .argument('<file>', FILE);
  addReason(apply).action(async (file: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<Partial<ReasonOptions>>(cli, command);
    const { options, hasToken } = invocation;
    if (hasToken && options.reason !== undefined)
      throw new CliError('usage', 'a token says why by its standing reason: leave --reason out');
    const reason = hasToken ? undefined : reasonOf(requireReason(options));
    const wanted = await policyIn(file, cli);
    const connection = await invocation.connect();
    const { found, moved, digest } = await compare(connection.control, wanted);
    if (moved) {
      throw new CliError(
        'policy-moved',
        `${movedSince(file, wanted)}: export it again and bring your changes over, or leave the digest out`,
      );
    }
    if (found.length === 0) {
      invocation.result({ id: null, differences: found }, () => `ring ${wanted.ring} is as ${file} says\n`);
      return;
    }
    const asked = { ring: wanted.ring, items: found.map(({ item }) => item), ifPolicy: digest };
    const outcome = reason
      ? await submitOrDraft(invocation, (submit) =>
          connection.control.draftChange({ ...asked, reason, submit }),
        )
      : await connection.control.submitForToken(asked);
    await connection.remember(outcome.cursor);
    const { id, status } = outcome;
    invocation.result({ id, status, differences: found }, () => `${id} ${status}\n${differencesText(found)}`);
  });
}

async function policyIn(file: string, cli: Cli): Promise<PolicyFile> {
  if (file === '-') return readPolicy(await readAll(cli), 'standard input');
  return readPolicy(await readTextFile(file), file);
}

/** `moved`: the ring is not what it was when the file was written. */
async function compare(
  control: Control,
  wanted: PolicyFile,
): Promise<{ readonly found: readonly Difference[]; readonly moved: boolean; readonly digest: string }> {
  const inForce = await control.policy(wanted.ring);
  const moved = wanted.digest !== null && wanted.digest !== inForce.digest;
  return { found: differences(inForce, wanted), moved, digest: inForce.digest };
}

function differencesText(found: readonly Difference[]): string {
  if (found.length === 0) return '';
  return table(found, [
    { header: 'What', cell: (row) => row.what },
    { header: 'Old', cell: (row) => row.old },
    { header: 'New', cell: (row) => row.new },
  ]);
}

function movedSince(file: string, { ring }: PolicyFile): string {
  return `the policy of ring ${ring} has moved since ${file} was written`;
}
