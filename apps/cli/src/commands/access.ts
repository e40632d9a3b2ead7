import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { snapName } from '../input/assignment.js';
import { withReason } from '../input/reason.js';
import { withRequestOptions } from '../input/request-options.js';
import { Invocation } from '../invocation.js';
import { accessText } from '../output/access.js';
import { submitItems, type SubmitOptions } from './submit-items.js';

/** A ring's access policy: what it is, and asking for another. */
export function addAccess(program: Command, cli: Cli): void {
  addShowAccess(program, cli);
  addSetAccess(program, cli);
  addSetPublisherChanges(program, cli);
  addUnblock(program, cli);
  addListing(program, cli, 'deny', 'ask that a ring never serves these snaps, overrides or not');
  addListing(
    program,
    cli,
    'allow',
    'ask that a ring serves these snaps as upstream has them, also when it is gated',
  );
}

function addShowAccess(program: Command, cli: Cli): void {
  program
    .command('access')
    .description("a ring's access policy, with the snaps that it denies and allows")
    .argument('[ring]', 'its name', 'default')
    .action(async (ring: string, _options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const policy = await control.access(ring);
      invocation.result(policy, () => accessText(policy));
    });
}

function addSetAccess(program: Command, cli: Cli): void {
  const set = program
    .command('set-access')
    .description(
      'ask that a ring is open (what upstream has passes) or gated (only what was approved): submits a change request',
    )
    .argument('<open|gated>', 'the access policy')
    .option('--ring <ring>', 'the ring whose devices it is for', 'default');
  withReason(withRequestOptions(set)).action(async (access: string, _options: unknown, command: Command) => {
    if (access !== 'open' && access !== 'gated')
      throw new CliError('usage', `"${access}" is no access policy: open, or gated`);
    const invocation = new Invocation<SubmitOptions>(cli, command);
    await submitItems(invocation, [{ kind: 'access', access }], invocation.options);
  });
}

function addSetPublisherChanges(program: Command, cli: Cli): void {
  const set = program
    .command('set-publisher-changes')
    .description(
      'ask that a ring keeps serving a snap whose publisher or store does something alarming, or blocks it: submits a change request',
    )
    .argument('<keep|block>', 'what the ring does')
    .option('--ring <ring>', 'the ring whose devices it is for', 'default');
  withReason(withRequestOptions(set)).action(
    async (publisherChanges: string, _options: unknown, command: Command) => {
      if (publisherChanges !== 'keep' && publisherChanges !== 'block')
        throw new CliError('usage', `"${publisherChanges}" is neither keep nor block`);
      const item = { kind: 'publisher-changes', publisherChanges } as const;
      const invocation = new Invocation<SubmitOptions>(cli, command);
      await submitItems(invocation, [item], invocation.options);
    },
  );
}

function addUnblock(program: Command, cli: Cli): void {
  const unblock = program
    .command('unblock')
    .description(
      'ask that a ring serves these blocked snaps again, as they were approved: submits one change request',
    )
    .argument('<snap...>', "the snaps' names")
    .option('--ring <ring>', 'the ring whose devices it is for', 'default');
  withReason(withRequestOptions(unblock)).action(
    async (snaps: string[], _options: unknown, command: Command) => {
      const items = snaps.map((snap) => ({ kind: 'unblock', snap: snapName(snap) }) as const);
      const invocation = new Invocation<SubmitOptions>(cli, command);
      await submitItems(invocation, items, invocation.options);
    },
  );
}

interface ListingOptions extends SubmitOptions {
  readonly remove?: boolean;
}

function addListing(program: Command, cli: Cli, kind: 'deny' | 'allow', what: string): void {
  const list = program
    .command(kind)
    .description(`${what}: submits one change request`)
    .argument('<snap...>', "the snaps' names")
    .option('--remove', 'take them off the list instead')
    .option('--ring <ring>', 'the ring whose devices it is for', 'default');
  withReason(withRequestOptions(list)).action(
    async (snaps: string[], _options: unknown, command: Command) => {
      const invocation = new Invocation<ListingOptions>(cli, command);
      const listed = invocation.options.remove !== true;
      const items = snaps.map((snap) => ({ kind, snap: snapName(snap), listed }));
      await submitItems(invocation, items, invocation.options);
    },
  );
}
