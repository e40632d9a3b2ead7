import { Argument, type Command } from 'commander';
import type { Cli } from '../../cli.js';
import { parseCount } from '../../input/count.js';
import { Invocation } from '../../invocation.js';
import { table } from '../../output/table.js';
import { parsePosition } from './options.js';

/** `holdfast sink dead-letters NAME` */
export function addDeadLetters(sink: Command, cli: Cli): void {
  sink
    .command('dead-letters')
    .description('the events that a sink was not told of, since they were given up')
    .addArgument(new Argument('<name>', 'its name'))
    .option('--limit <count>', 'at most so many', parseCount)
    .option('--after <position>', 'what follows this position', parsePosition)
    .action(async (name: string, _options: unknown, command: Command) => {
      const invocation = new Invocation<{ readonly limit?: number; readonly after?: string }>(cli, command);
      const { limit, after } = invocation.options;
      const { control } = await invocation.connect();
      const { deadLetters, next } = await control.sinks.deadLetters(name, { limit, after });
      invocation.result(deadLetters, () =>
        table(deadLetters, [
          { header: 'Position', cell: ({ position }) => position },
          { header: 'Event', cell: ({ type }) => type },
          { header: 'Stream', cell: ({ stream }) => stream },
          { header: 'Given up', cell: ({ givenUpAt }) => givenUpAt },
          { header: 'Tries', cell: ({ attempts }) => attempts },
          { header: 'Why', cell: ({ why }) => why },
        ]),
      );
      const [first] = deadLetters;
      if (first)
        invocation.say(
          `To send them once more: holdfast sink replay ${name} --from ${first.position} --reason "…"`,
        );
      if (next) invocation.say(`There is more: --after ${next}`);
    });
}
