import { Argument, type Command } from 'commander';
import type { Cli } from '../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import { membersCountTable } from '../output/members.js';

interface CreateOptions extends ReasonOptions {
  readonly before?: string;
}

/** `holdfast rings` lists; what changes them is below it. */
export function addRings(program: Command, cli: Cli): void {
  const rings = program
    .command('rings')
    .description('the rings of the site, in the order in which releases go through them')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const page = await control.rings();
      invocation.result(page.rings, () => listed(page.rings));
    });
  addCreate(rings, cli);
  rings
    .command('devices')
    .description('how many devices are in each ring, by which rule of membership, as they last said')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const { counts } = await control.members.counts();
      invocation.result(counts, () => membersCountTable(counts));
      if (counts.length === 0) invocation.say('No device has said what it has installed.');
    });
}

function addCreate(rings: Command, cli: Cli): void {
  const create = rings
    .command('create')
    .description('make a ring, whose policy is its own: it begins open, and holds nothing')
    .addArgument(new Argument('<name>', 'its name'))
    .option('--before <ring>', 'the ring that releases reach after it; without: it is the last');
  withReason(create).action(async (name: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<CreateOptions>(cli, command);
    const { before } = invocation.options;
    const connection = await invocation.connect();
    const created = await connection.control.createRing({
      name,
      ...(before !== undefined && { before }),
      reason: reasonOf(invocation.options),
    });
    await connection.remember(created.cursor);
    invocation.result(created, () => listed(created.rings));
    invocation.say(`A proxy with HOLDFAST_RING=${name} serves the devices of this ring.`);
  });
}

function listed(rings: readonly string[]): string {
  return rings.map((ring) => `${ring}\n`).join('');
}
