import type { Command } from 'commander';
import type { ExplainedDevice } from '../api/members-types.js';
import type { InstalledRow } from '../api/types.js';
import type { Cli } from '../cli.js';
import { parseCount } from '../input/count.js';
import { Invocation } from '../invocation.js';
import { explainedText, memberLine } from '../output/members.js';
import { deviceTable } from '../output/deliveries.js';
import { installedText } from '../output/installed.js';

export function addDevice(program: Command, cli: Cli): void {
  const device = program
    .command('device')
    .description(
      'in which ring a device is and why, what it has installed, and what it was offered and got, from which proxy, under which policy position',
    )
    .argument('<name>', 'its serial, or brand/model/serial')
    .option('--limit <count>', 'at most so many', parseCount)
    .option('--after <place>', 'what follows this place in the list')
    .action(async (name: string, _options: unknown, command: Command) => {
      const invocation = new Invocation<{ limit?: number; after?: string }>(cli, command);
      const { limit, after } = invocation.options;
      const { control } = await invocation.connect();
      // A later page goes on with the deliveries.
      const { devices } = after === undefined ? await control.installed(name) : { devices: [] };
      const page = await control.deliveries({ device: name, limit, after });
      const members: ExplainedDevice[] = [];
      // One after the other: for each, all rules and lists are looked through.
      if (after === undefined)
        for (const each of namesIn(name, devices))
          members.push(await control.members.explain({ device: each }));
      invocation.result(
        { members, installed: devices, ...page },
        () =>
          `${members.map(memberLine).join('')}${devices.map(installedText).join('')}${deviceTable(page.deliveries)}`,
      );
      invocation.say(
        page.lastSeenAt === null
          ? `No proxy has recorded a delivery to ${name}.`
          : `Last offered or delivered something: ${page.lastSeenAt}, by the clock of its proxy`,
      );
      if (page.next) invocation.say(`There is more: --after ${page.next}`);
    });
  addExplain(device, cli);
}

/** Of a serial alone, those that go by it. */
function namesIn(name: string, devices: readonly InstalledRow[]): readonly string[] {
  if (name.includes('/')) return [name];
  return [...new Set(devices.map(({ device: { brand, model, serial } }) => `${brand}/${model}/${serial}`))];
}

function addExplain(device: Command, cli: Cli): void {
  device
    .command('explain')
    .description('why a device is in its ring: by which rule of membership, and which others it matches')
    .argument('<name>', 'brand/model/serial')
    .option('--address <ip>', 'as if it asked from there')
    .option('--host <name>', 'as if it asked the proxy by this name')
    .action(async (name: string, _options: unknown, command: Command) => {
      const invocation = new Invocation<{ address?: string; host?: string }>(cli, command);
      const { address, host } = invocation.options;
      const { control } = await invocation.connect();
      const explained = await control.members.explain({ device: name, address, host });
      invocation.result(explained, () => explainedText(explained));
    });
}
