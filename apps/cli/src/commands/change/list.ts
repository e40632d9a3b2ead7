import { Option, type Command } from 'commander';
import { CHANGE_STATUSES } from '../../api/change-statuses.js';
import type { ChangeStatus } from '../../api/types.js';
import type { Cli } from '../../cli.js';
import { parseCount } from '../../input/count.js';
import { Invocation } from '../../invocation.js';
import { reasonText } from '../../output/reason.js';
import { table } from '../../output/table.js';

interface Options {
  readonly status?: ChangeStatus;
  readonly limit?: number;
  readonly after?: string;
}

export function addList(change: Command, cli: Cli): void {
  change
    .command('list')
    .description('change requests, the newest first')
    .addOption(
      new Option(
        '--status <status>',
        'only those that are so; captured: ready to be decided on; in-review: approved by some, and not by all who are asked for',
      ).choices(CHANGE_STATUSES),
    )
    .option('--limit <count>', 'at most so many', parseCount)
    .option('--after <position>', 'what follows this position in the list')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation<Options>(cli, command);
      const { status, limit, after } = invocation.options;
      const { control } = await invocation.connect();
      const page = await control.changes({ status, limit, after });
      invocation.result(page.changeRequests, () =>
        table(page.changeRequests, [
          { header: 'Id', cell: (row) => row.id },
          { header: 'Status', cell: (row) => row.status },
          { header: 'Ring', cell: (row) => row.ring },
          {
            header: 'Author',
            cell: (row) => row.author,
          },
          { header: 'Position', cell: (row) => row.lastPosition },
          { header: 'Why', cell: (row) => reasonText(row.reason) },
        ]),
      );
      if (page.next) invocation.say(`There is more: --after ${page.next}`);
    });
}
