import { Argument, type Command } from 'commander';
import type { Cli } from '../../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';
import { fields } from '../../output/table.js';
import { filterIn, parsePosition, withFilter, type FilterOptions } from './options.js';

interface AddOptions extends ReasonOptions, FilterOptions {
  readonly from?: string;
}

/** `holdfast sink add webhook NAME URL` */
export function addAdd(sink: Command, cli: Cli): void {
  const add = sink.command('add').description('tell somebody of events');
  const webhook = add
    .command('webhook')
    .description('by HTTP POST, as signed CloudEvents: prints the secret that they are signed with, once')
    .addArgument(new Argument('<name>', 'its name'))
    .addArgument(new Argument('<url>', 'https, or http on this machine'));
  beginning(webhook).action(async (name: string, address: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<AddOptions>(cli, command);
    const { options } = invocation;
    const connection = await invocation.connect();
    const { secret, ...added } = await connection.control.sinks.add({
      name,
      kind: 'webhook',
      address,
      ...filterIn(options),
      ...(options.from !== undefined && { from: options.from }),
      reason: reasonOf(options),
    });
    await connection.remember(added.cursor);
    invocation.result({ ...added, secret }, () =>
      fields([
        ['Sink', name],
        ['Secret', secret],
      ]),
    );
    invocation.say('Give the secret to whoever receives the events: it is not shown again.');
  });
}

function beginning(command: Command): Command {
  return withReason(withFilter(command)).option(
    '--from <position>',
    'begin with the event at this position of the history; without: with what comes now',
    parsePosition,
  );
}
