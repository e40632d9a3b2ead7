import { CliError } from '../cli-error.js';

/** The record in another system that a request follows, and that is signed with it. */
export interface ExternalTicket {
  readonly system: string;
  readonly id: string;
  readonly url: string;
}

/** As people write it: `servicedesk:CHG-2042=https://tickets.example/CHG-2042`. What each part may be is for the server to say. @throws CliError `usage` */
export function externalTicket(text: string): ExternalTicket {
  const [, system, id, url] = /^([^:=\s]+):([^=\s]+)=(\S+)$/.exec(text) ?? [];
  if (system === undefined || id === undefined || url === undefined)
    throw new CliError(
      'usage',
      `--external-ticket ${JSON.stringify(text)} is not a ticket: system:id=address, such as servicedesk:CHG-2042=https://tickets.example/CHG-2042`,
    );
  return { system, id, url };
}
