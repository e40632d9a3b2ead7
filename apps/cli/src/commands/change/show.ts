import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { Invocation } from '../../invocation.js';
import { changeText } from '../../output/change.js';

export function addShow(change: Command, cli: Cli): void {
  change
    .command('show')
    .description('a change request: what it was resolved to, how it stands, who did what')
    .argument('<id>', 'such as CR-2026-0042')
    .action(async (id: string, _options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const view = await control.change(id);
      invocation.result(view, () => changeText(view));
    });
}
