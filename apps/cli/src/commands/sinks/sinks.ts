import type { Command } from 'commander';
import type { SinkRow } from '../../api/types.js';
import type { Cli } from '../../cli.js';
import { Invocation } from '../../invocation.js';
import { table } from '../../output/table.js';
import { addAdd } from './add.js';
import { addAddresses } from './address.js';
import { addChange } from './change.js';
import { addDeadLetters } from './dead-letters.js';
import { addReplay, addSteering } from './steer.js';

/** `holdfast sink …` */
export function addSinks(program: Command, cli: Cli): void {
  const sink = program.command('sink').description('where events go besides the record');
  sink
    .command('list')
    .description('which sinks there are, what each is told of, and how far it is')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const { sinks } = await control.sinks.list();
      invocation.result(sinks, () =>
        table(sinks, [
          { header: 'Name', cell: ({ name }) => name },
          { header: 'Kind', cell: ({ kind }) => kind },
          { header: 'Address', cell: ({ address }) => address },
          { header: 'About', cell: toldOf },
          { header: 'State', cell: stateOf },
          { header: 'Next position', cell: ({ nextPosition }) => nextPosition },
          { header: 'Dead letters', cell: ({ deadLetters }) => deadLetters },
        ]),
      );
      for (const { name, trying } of sinks)
        if (trying)
          invocation.say(
            `${name} does not take the event at position ${trying.position} since ${trying.since} (${trying.attempts} tries): ${trying.why}`,
          );
    });
  addAdd(sink, cli);
  addChange(sink, cli);
  addSteering(sink, cli);
  addReplay(sink, cli);
  addDeadLetters(sink, cli);
  addAddresses(sink, cli);
}

function toldOf({ about, types }: SinkRow): string {
  return [...about, ...types].join(', ') || 'everything';
}

function stateOf({ status, failingSince, trying }: SinkRow): string {
  if (status === 'paused') return 'paused';
  return failingSince !== null ? `failing since ${failingSince}` : trying ? 'trying again' : 'active';
}
