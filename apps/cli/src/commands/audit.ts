import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { parseCount } from '../input/count.js';
import { Invocation } from '../invocation.js';
import { actorText, reasonText } from '../output/reason.js';
import { table } from '../output/table.js';

interface Options {
  readonly after?: string;
  readonly limit?: number;
  readonly actor?: string;
  readonly type?: string;
  readonly stream?: string;
  readonly reasonCode?: string;
  readonly from?: string;
  readonly to?: string;
}

export function addAudit(program: Command, cli: Cli): void {
  const audit = program.command('audit').description('the record of everything that happened');
  audit
    .command('list')
    .description('events, with who, what, when and why')
    .option('--after <position>', 'what follows this position in the list')
    .option('--limit <count>', 'at most so many', parseCount)
    .option('--actor <person>', 'by this person or service')
    .option('--type <type>', 'of this type, such as ChangeApproved')
    .option('--stream <stream>', 'of this record, such as change-request/CR-2026-0042')
    .option('--reason-code <code>', 'done for this kind of reason')
    .option('--from <time>', 'not before this time (RFC 3339)')
    .option('--to <time>', 'before this time')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation<Options>(cli, command);
      const { after, limit, actor, type, stream, reasonCode: reason, from, to } = invocation.options;
      const { control } = await invocation.connect();
      const page = await control.audit({ after, limit, actor, type, stream, reason, from, to });
      invocation.result(page.events, () =>
        table(page.events, [
          { header: 'Position', cell: (event) => event.position },
          { header: 'Time', cell: (event) => event.at },
          { header: 'By', cell: (event) => actorText(event.actor) },
          { header: 'Event', cell: (event) => event.type },
          { header: 'Record', cell: (event) => event.stream },
          { header: 'Why', cell: ({ reason: why }) => reasonText(why) },
        ]),
      );
      if (page.next) invocation.say(`There is more: --after ${page.next}`);
    });
}
