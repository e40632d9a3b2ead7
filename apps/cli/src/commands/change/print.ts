import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { Invocation } from '../../invocation.js';
import { requestPaper } from '../../meeting/papers.js';
import { writeRequests, zoneOf } from '../../meeting/write-requests.js';
import { shownDigest } from './sign-decision.js';
import { recordId } from '../../input/record-id.js';

export function addPrint(change: Command, cli: Cli): void {
  change
    .command('print')
    .description('a change request as PDF, with what was amended since it was first entered, and by whom')
    .argument('<id>', 'such as CR-2026-0042', recordId)
    .requiredOption('--out <file>', 'the file to write; one that is there already stays')
    .action(async (id: string, _options: unknown, command: Command) => {
      const invocation = new Invocation<{ readonly out: string }>(cli, command);
      const { control } = await invocation.connect();
      const { site } = await control.status();
      const view = await control.change(id);
      // What is printed under a digest is what it is of.
      if (view.record !== null) shownDigest(view);
      await control.noteCopy({ of: 'change-request', id });
      await writeRequests(invocation, requestPaper(site.origin, await zoneOf(control, id), view), 1);
    });
}
