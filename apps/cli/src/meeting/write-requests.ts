import type { Control } from '../api/control.js';
import type { Invocation } from '../invocation.js';
import type { Paper } from './paper.js';
import { writePaper } from './write-paper.js';

/** Of the stream of a change request. */
export const PREFIX = 'change-request/';

/** The site's, as the record of that request has it. */
export async function zoneOf(control: Control, request: string | undefined): Promise<string> {
  if (request === undefined) return 'Etc/UTC';
  const { events } = await control.audit({ stream: `${PREFIX}${request}`, limit: 1 });
  return events[0]?.zone ?? 'Etc/UTC';
}

/** A paper of change requests, and what to say of it. @throws CliError `unwritable-file` */
export async function writeRequests(
  invocation: Invocation<{ readonly out: string }>,
  paper: Paper,
  requests: number,
): Promise<void> {
  const { out } = invocation.options;
  await writePaper(out, paper);
  invocation.result(
    { file: out, requests, madeFrom: paper.digest },
    () => `${out}: ${requests} change requests\n`,
  );
}
