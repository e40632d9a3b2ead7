import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { Invocation } from '../../invocation.js';
import { recordId } from '../../input/record-id.js';

export function addComment(change: Command, cli: Cli): void {
  change
    .command('comment')
    .description('say something about a request: it stays in its record, and is never edited')
    .argument('<id>', 'such as CR-2026-0042', recordId)
    .argument('<text>', 'in your own words')
    .action(async (id: string, text: string, _options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const connection = await invocation.connect();
      const outcome = await connection.control.life.comment(id, text);
      await connection.remember(outcome.cursor);
      invocation.result(outcome, () => `${outcome.id} ${outcome.status}\n`);
    });
}
