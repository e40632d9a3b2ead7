import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Control } from '../api/control.js';
import type { SyncRow } from '../api/types.js';
import { CliError } from '../cli-error.js';
import type { Cli } from '../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import { progressLine, syncText } from '../output/sync.js';

export function addSync(program: Command, cli: Cli): void {
  const sync = program
    .command('sync')
    .description('have watched snaps looked at upstream now, and say how far it is until it is done')
    .argument('[snap...]', 'only these of those that are watched')
    .option('--no-wait', 'only ask; "show-sync" says how far it is');
  withReason(sync).action(async (snaps: string[], _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions & { wait: boolean }>(cli, command);
    const connection = await invocation.connect();
    const { control } = connection;
    const named = snaps.length === 0 ? {} : { snaps };
    const asked = await control.catalog.requestSync({ ...named, reason: reasonOf(invocation.options) });
    await connection.remember(asked.cursor);
    if (!invocation.options.wait) {
      invocation.result(asked, () => `${asked.id} asked\n`);
      return;
    }
    const done = await untilDone(control, asked, (row) => invocation.say(progressLine(row)));
    invocation.result(done, () => syncText(done));
    refuseIncomplete(done);
  });
  program
    .command('show-sync')
    .description('how far a sync is, and what came of it')
    .argument('<id>', 'as "sync" has said it')
    .action(async (id: string, _options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const row = await control.catalog.sync(id);
      invocation.result(row, () => syncText(row));
    });
}

const POLL_MS = 500;

/** Says it again whenever it got on. A worker that is not there is waited for: who does not want to, breaks off. */
async function untilDone(
  control: Control,
  { id, cursor }: { readonly id: string; readonly cursor: string | null },
  onProgress: (row: SyncRow) => void,
): Promise<SyncRow> {
  let said = '';
  for (;;) {
    const row = await control.catalog.sync(id, cursor ?? undefined);
    const line = progressLine(row);
    if (row.status === 'done') return row;
    if (line !== said) onProgress(row);
    said = line;
    await pause(POLL_MS);
  }
}

/** A script is told that it does not know everything. */
function refuseIncomplete({ outcome }: SyncRow): void {
  if (!outcome) return;
  const failed = outcome.failures.length + outcome.moreFailures;
  if (failed === 0) return;
  const left = outcome.notAsked > 0 ? `, and ${outcome.notAsked} were not asked for` : '';
  throw new CliError('sync-incomplete', `${failed} of the snaps could not be looked at${left}`);
}
