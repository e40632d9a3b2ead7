import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { parseCount } from '../input/count.js';
import { devicesIn } from '../input/device-csv.js';
import { membersItem, type NarrowingOptions } from '../input/membership-rule.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { withRequestOptions } from '../input/request-options.js';
import { Invocation } from '../invocation.js';
import { membersTable } from '../output/members.js';
import { submitItems, type SubmitOptions } from './submit-items.js';

/** `holdfast members` lists; what changes them is below it. */
export function addMembers(program: Command, cli: Cli): void {
  const members = program
    .command('members')
    .description('by which rules devices are in which ring, in the order in which a device is looked for')
    .argument('[ring]', 'the rules of this ring alone')
    .action(async (ring: string | undefined, _options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const page = await control.members.list(ring);
      invocation.result(page, () => membersTable(page.rules));
      if (page.rules.length === 0)
        invocation.say('No rule: each device is in the ring of the proxy that it asks.');
    });
  addChange(members, cli, 'add', 'ask that devices are members of a ring', true);
  addChange(members, cli, 'remove', 'ask that devices are members of a ring by these rules no longer', false);
  addImport(members, cli);
  addList(members, cli);
}

type ChangeOptions = SubmitOptions & NarrowingOptions;

function addChange(parent: Command, cli: Cli, verb: string, what: string, members: boolean): void {
  const change = parent
    .command(verb)
    .description(`${what}: submits one change request`)
    .argument('<rule...>', 'each a device (brand/model/serial), a model (brand/model), or the name of a list')
    .requiredOption('--ring <ring>', 'the ring')
    .option('--network <cidr>', 'of these, only devices that ask from this network, such as 10.20.0.0/16')
    .option('--host <name>', 'of these, only devices that ask the proxy by this name');
  withReason(withRequestOptions(change)).action(
    async (rules: string[], _options: unknown, command: Command) => {
      const invocation = new Invocation<ChangeOptions>(cli, command);
      const items = rules.map((rule) => membersItem(rule, invocation.options, members));
      await submitItems(invocation, items, invocation.options);
    },
  );
}

function addImport(parent: Command, cli: Cli): void {
  const command = parent
    .command('import')
    .description(
      'import a list of devices, whole, in the place of what it was: rings follow once a change request names it',
    )
    .argument('<name>', 'of the list')
    .argument('<file>', 'CSV, whose first line names the columns brand, model and serial');
  withReason(command).action(async (name: string, file: string, _options: unknown, ran: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, ran);
    const reason = reasonOf(invocation.options);
    const devices = devicesIn(await textOf(file), file);
    const connection = await invocation.connect();
    const imported = await connection.control.members.importList(name, { devices, reason });
    await connection.remember(imported.cursor);
    const { version, count, digest, cursor } = imported;
    const same = cursor === null ? ', as it was already' : '';
    invocation.result(
      imported,
      () => `${name} version ${version}: ${count} devices, sha256:${digest}${same}\n`,
    );
    if (cursor !== null)
      invocation.say(`No ring has changed: "holdfast members add ${name} --ring RING" asks for it.`);
  });
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(
      'usage',
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function addList(parent: Command, cli: Cli): void {
  parent
    .command('list')
    .description('the devices of a list')
    .argument('<name>', 'of the list')
    .option('--list-version <number>', 'as it was; without: the newest', parseCount)
    .action(async (name: string, _options: unknown, command: Command) => {
      const invocation = new Invocation<{ listVersion?: number }>(cli, command);
      const { control } = await invocation.connect();
      const list = await control.members.listed(name, invocation.options.listVersion);
      invocation.result(list, () => list.devices.map((device) => `${device}\n`).join(''));
      invocation.say(`Version ${list.version} of ${list.newest}, ${list.count} devices`);
    });
}
