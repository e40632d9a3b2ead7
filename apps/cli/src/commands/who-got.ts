import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { parseCount } from '../input/count.js';
import { parseRevision } from '../input/revision.js';
import { Invocation } from '../invocation.js';
import { whoGotTable } from '../output/deliveries.js';

export function addWhoGot(program: Command, cli: Cli): void {
  program
    .command('who-got')
    .description('which devices were offered a revision, and which have downloaded it')
    .argument('<snap=revision>', 'a name or a snap-id, and a revision: core18=1705')
    .option('--limit <count>', 'at most so many', parseCount)
    .option('--after <place>', 'what follows this place in the list')
    .action(async (asked: string, _options: unknown, command: Command) => {
      const invocation = new Invocation<{ limit?: number; after?: string }>(cli, command);
      const { limit, after } = invocation.options;
      const { snap, revision } = parseRevision(asked);
      const { control } = await invocation.connect();
      const page = await control.deliveries({ snap, revision, limit, after });
      invocation.result(page, () => whoGotTable(page.deliveries));
      if (page.deliveries.length === 0) invocation.say(`No proxy has recorded ${asked}.`);
      if (page.next) invocation.say(`There is more: --after ${page.next}`);
    });
}
