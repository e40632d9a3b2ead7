import type { Command } from 'commander';
import type { Reason } from '#kernel';
import type { Control } from '../api/control.js';
import type { Cli } from '../cli.js';
import { parseCount } from '../input/count.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import { table } from '../output/table.js';

export function addWatch(program: Command, cli: Cli): void {
  addChange(program, cli, {
    name: 'watch',
    description: 'put a snap on the list of those that are looked at upstream',
    give: (control, snap, reason) => control.catalog.watch(snap, reason),
    said: (snap) => `${snap} is watched`,
  });
  addChange(program, cli, {
    name: 'unwatch',
    description: 'take a snap off that list; what a change request asked for stays watched',
    give: (control, snap, reason) => control.catalog.unwatch(snap, reason),
    said: (snap) => `${snap} is off the watch list`,
  });
  addListWatched(program, cli);
}

interface Change {
  readonly name: string;
  readonly description: string;
  readonly give: (
    control: Control,
    snap: string,
    reason: Reason,
  ) => Promise<{ readonly cursor: string | null }>;
  readonly said: (snap: string) => string;
}

function addChange(program: Command, cli: Cli, { name, description, give, said }: Change): void {
  const change = program.command(name).description(description).argument('<snap>', "the snap's name");
  withReason(change).action(async (snap: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, command);
    const connection = await invocation.connect();
    const done = await give(connection.control, snap, reasonOf(invocation.options));
    await connection.remember(done.cursor);
    invocation.result(done, () => `${said(snap)}\n`);
  });
}

function addListWatched(program: Command, cli: Cli): void {
  program
    .command('list-watched')
    .description('which snaps are looked at upstream, and how they were last seen')
    .option('--limit <count>', 'at most so many', parseCount)
    .option('--after <place>', 'what follows this place in the list')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation<{ limit?: number; after?: string }>(cli, command);
      const { limit, after } = invocation.options;
      const { control } = await invocation.connect();
      const page = await control.catalog.watched({ limit, after });
      invocation.result(page.watchedSnaps, () =>
        table(page.watchedSnaps, [
          { header: 'Name', cell: (row) => row.name },
          { header: 'Because', cell: (row) => becauseOf(row) },
          { header: 'Publisher', cell: (row) => row.publisher },
          { header: 'Declaration', cell: (row) => (row.revoked ? 'revoked' : row.declarationRevision) },
          { header: 'Changed', cell: (row) => row.changed?.at },
          { header: 'Failing', cell: (row) => row.failure?.code },
        ]),
      );
      if (page.next) invocation.say(`There is more: --after "${page.next}"`);
    });
}

function becauseOf({ listed, askedFor }: { readonly listed: boolean; readonly askedFor: boolean }): string {
  return [listed ? 'listed' : '', askedFor ? 'asked for' : ''].filter((word) => word !== '').join(', ');
}
