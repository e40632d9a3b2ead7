import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { given } from '../api/given.js';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { readComponents, withBothWhenAsked, withPassword, type PasswordOptions } from '../input/password.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';

interface RecoverOptions extends ReasonOptions, PasswordOptions {
  readonly hostProof: string;
  readonly name?: string;
  readonly verifiedBy?: string;
}

/** Of the admins, when fewer than two can sign in: the host's proof, and two people, each with a part of the new secret. */
export function addRecovery(people: Command, cli: Cli): void {
  const recover = people
    .command('recover')
    .description(
      'ask for an admin back, when fewer than two can sign in; prints the first part of their new secret',
    )
    .argument('<login>', 'the admin, or who becomes one')
    .requiredOption('--host-proof <file>', 'what "holdfast recover-admin" printed on the host')
    .option('--name <name>', 'the full name of somebody who has no login yet')
    .option('--verified-by <text>', 'who made sure of whom that is, and how');
  withPassword(withReason(recover)).action(async (login: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<RecoverOptions>(cli, command);
    const { name, verifiedBy } = invocation.options;
    const hostProof = await proofIn(invocation.options.hostProof);
    const connection = await invocation.connect();
    const body = { hostProof, ...given({ name, verifiedBy }), reason: reasonOf(invocation.options) };
    const typed = await readComponents(cli, invocation.options);
    const asked = await withBothWhenAsked(typed, (components) =>
      connection.control.person.requestRecovery(login, { ...components, ...body }),
    );
    await connection.remember(asked.cursor);
    invocation.result(asked, () => `${asked.firstPart}\n`);
    if (invocation.options.format === 'table') {
      invocation.say(
        `Give it to ${login}, who gets the rest from whoever says "holdfast people confirm-recovery ${login}" between ${asked.notBefore} and ${asked.expiresAt}: somebody else than you, with the role qa or approver. Until then admins who can sign in have time to do so: two of them end it.`,
      );
    }
  });
  const confirm = people
    .command('confirm-recovery')
    .description(
      'bring an admin back, as the second one who says so; prints the other part of their new secret',
    )
    .argument('<login>');
  withPassword(withReason(confirm)).action(async (login: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions & PasswordOptions>(cli, command);
    const connection = await invocation.connect();
    const reason = reasonOf(invocation.options);
    const typed = await readComponents(cli, invocation.options);
    const done = await withBothWhenAsked(typed, (components) =>
      connection.control.person.confirmRecovery(login, { ...components, reason }),
    );
    await connection.remember(done.cursor);
    invocation.result(done, () => `${done.secondPart}\n`);
    if (invocation.options.format === 'table') {
      invocation.say(
        `Password, second component, sessions and tokens of ${login} are void. Give them this part: "holdfast password ${login}" takes both, the first one first, before ${done.expiresAt}. They act as admin once they have enrolled a second component: "holdfast second-component enrol".`,
      );
    }
  });
}

async function proofIn(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    throw new CliError(
      'unreadable-file',
      `${file} cannot be read: it is to hold what "holdfast recover-admin" printed on the host`,
    );
  }
}
