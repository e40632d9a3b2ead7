import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { Invocation } from '../../invocation.js';
import { changeText } from '../../output/change.js';
import { differencesText } from '../../output/version-differences.js';
import { recordId } from '../../input/record-id.js';

export function addShow(change: Command, cli: Cli): void {
  change
    .command('show')
    .description('a change request: what it was resolved to, how it stands, who did what')
    .argument('<id>', 'such as CR-2026-0042', recordId)
    .option('--diff', 'what is being approved instead: how each version differs, and whom it is about')
    .action(async (id: string, _options: unknown, command: Command) => {
      const invocation = new Invocation<{ readonly diff?: true }>(cli, command);
      const { control } = await invocation.connect();
      if (invocation.options.diff) {
        const differences = await control.changeDifferences(id);
        invocation.result(differences, () => differencesText(differences));
        return;
      }
      const view = await control.change(id);
      invocation.result(view, () => changeText(view));
    });
}
