import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { parseCount } from '../input/count.js';
import { Invocation } from '../invocation.js';
import { shortChannel } from '../output/overrides.js';
import { table } from '../output/table.js';

interface Options {
  readonly ring?: string;
  readonly limit?: number;
  readonly after?: string;
}

export function addCandidates(program: Command, cli: Cli): void {
  program
    .command('candidates')
    .description(
      'what is held while upstream has another revision or a newer snap-declaration, as of the last look',
    )
    .argument('[snap]', 'only those of this snap')
    .option('--ring <ring>', 'of this ring')
    .option('--limit <count>', 'at most so many', parseCount)
    .option('--after <place>', 'what follows this place in the list')
    .action(async (snap: string | undefined, _options: unknown, command: Command) => {
      const invocation = new Invocation<Options>(cli, command);
      const { ring, limit, after } = invocation.options;
      const { control } = await invocation.connect();
      const page = await control.catalog.candidates({ snap, ring, limit, after });
      invocation.result(page.candidates, () =>
        table(page.candidates, [
          { header: 'Name', cell: (row) => row.name },
          { header: 'Channel', cell: (row) => shortChannel(row.channel) },
          { header: 'Arch', cell: (row) => row.architecture },
          { header: 'Held', cell: ({ held }) => `${held.revision}${held.gone ? ' (gone)' : ''}` },
          { header: 'Version', cell: ({ held }) => held.version },
          { header: 'Upstream', cell: (row) => upstreamCell(row) },
          { header: 'Version', cell: ({ upstream }) => upstream.version },
          { header: 'Released', cell: ({ upstream }) => upstream.releasedAt },
          { header: 'Seen', cell: ({ upstream }) => upstream.since.at },
          { header: 'Declaration', cell: ({ declaration }) => declarationCell(declaration) },
        ]),
      );
      const again = page.candidates.find(({ held, upstream }) => held.revision === upstream.revision);
      if (again && invocation.options.format === 'table')
        invocation.say(
          `A newer snap-declaration counts once it is approved: ask for the revision again, as with holdfast override ${again.name} ${shortChannel(again.channel)}=${again.held.revision}`,
        );
      if (page.next) invocation.say(`There is more: --after "${page.next}"`);
    });
}

/** It says what the snap may connect to, and has revisions of its own. */
function declarationCell(
  declaration: { readonly approved: number; readonly upstream: number } | null,
): string | null {
  return declaration && `${declaration.upstream} (approved ${declaration.approved})`;
}

/** A closed channel follows another one: where the revision comes from is said. */
function upstreamCell(row: {
  readonly channel: string;
  readonly upstream: { readonly revision: number; readonly channel: string };
}): string {
  const { revision, channel } = row.upstream;
  return channel === row.channel ? String(revision) : `${revision} (${shortChannel(channel)})`;
}
