import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { Invocation } from '../invocation.js';
import { fields, table } from '../output/table.js';

export function addStatus(program: Command, cli: Cli): void {
  program
    .command('status')
    .description('how the site stands: where its record ends, and how far its read models are')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const status = await control.status();
      invocation.result(status, () => {
        const summary = fields([
          ['Site', status.site.origin],
          ['Control', control.url],
          ['Position', status.position],
          ['Sealed state', sealed(status.checkpoint)],
          ['Database', status.evaluationDatabase ? 'embedded, for evaluation' : 'external'],
        ]);
        const projections = table(status.projections, [
          { header: 'Read model', cell: ({ name }) => name },
          { header: 'Version', cell: ({ version }) => version },
          { header: 'Position', cell: ({ position }) => position },
          { header: 'Behind', cell: ({ lag }) => lag },
        ]);
        return `${summary}\n${projections}`;
      });
    });
}

/** The checkpoint's note, or its parts: its size and the beginning of its root say which one it is. */
function sealed(checkpoint: unknown): string | null {
  if (typeof checkpoint === 'string') {
    const [, size, root] = checkpoint.split('\n');
    return size && root ? `${size} events, root ${root}` : checkpoint;
  }
  if (typeof checkpoint !== 'object' || checkpoint === null) return null;
  const { size, root } = checkpoint as { size?: unknown; root?: unknown };
  return `${String(size)} events, root ${String(root)}`;
}
