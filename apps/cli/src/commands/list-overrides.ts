import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { Invocation } from '../invocation.js';
import { listedLine, revisionCell, shortChannel } from '../output/overrides.js';
import { table } from '../output/table.js';

export function addListOverrides(program: Command, cli: Cli): void {
  program
    .command('list-overrides')
    .description('the overrides in force')
    .argument('[snap]', 'only those of this snap')
    .option('--ring <ring>', 'of this ring')
    .option('--diff', 'only those where upstream has another revision')
    .action(async (snap: string | undefined, _options: unknown, command: Command) => {
      const invocation = new Invocation<{ ring?: string; diff?: true }>(cli, command);
      const { ring, diff } = invocation.options;
      const { control } = await invocation.connect();
      const held = await control.overrides({ snap, ring });
      const overrides = diff ? held.filter((row) => row.revision !== row.upstreamRevision) : held;
      invocation.result(overrides, () => {
        if (invocation.underOldName) return overrides.map((row) => `${listedLine(row)}\n`).join('');
        return table(overrides, [
          { header: 'Name', cell: (row) => row.name },
          { header: 'Channel', cell: (row) => shortChannel(row.channel) },
          { header: 'Arch', cell: (row) => row.architecture },
          { header: 'Rev', cell: revisionCell },
          { header: 'Ring', cell: (row) => row.ring },
          { header: 'Since', cell: (row) => row.since?.at },
          { header: 'Change', cell: (row) => row.since?.changeRequest },
        ]);
      });
    });
}
