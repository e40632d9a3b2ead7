import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { parseCount } from '../input/count.js';
import { Invocation } from '../invocation.js';
import { differenceTable, summaryOf } from '../output/differences.js';

export function addShadow(program: Command, cli: Cli): void {
  program
    .command('shadow')
    .description('what proxies that stand in front of another store proxy found different from it')
    .option('--snap <snap>', 'only of this snap, by its name or its id')
    .option('--since <time>', 'leave out what was not seen since then: 2026-11-26T12:00:00Z')
    .option('--limit <count>', 'at most so many differences', parseCount)
    .option('--after <place>', 'what follows this place in the list')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation<{ snap?: string; since?: string; limit?: number; after?: string }>(
        cli,
        command,
      );
      const { snap, since, limit, after } = invocation.options;
      const { control } = await invocation.connect();
      const page = await control.differences({ snap, since, limit, after });
      invocation.result(page, () => summaryOf(page.summary) + differenceTable(page.differences));
      if (page.summary.requests === 0)
        invocation.say('No proxy has compared anything: HOLDFAST_SHADOW_OF makes one do it.');
      if (page.next) invocation.say(`There is more: --after ${page.next}`);
    });
}
