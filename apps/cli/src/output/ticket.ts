import type { ChangeView } from '../api/types.js';
import type { ExternalTicket } from '../input/external-ticket.js';
import { table } from './table.js';

/** On one line. */
export function ticketText({ system, id, url }: ExternalTicket): string {
  return `${system} ${id} (${url})`;
}

/** What the system of the request's ticket said: no signature, and of this revision where it says so. */
export function ticketReportsText({ ticketReports = [] }: ChangeView): string {
  if (ticketReports.length === 0) return '';
  const lines = table(ticketReports, [
    { header: 'Ticket', cell: ({ ticket }) => `${ticket.system} ${ticket.id}` },
    { header: 'Is', cell: (row) => row.state },
    { header: 'Says', cell: (row) => row.by },
    { header: 'Date and time there', cell: (row) => row.at },
    { header: 'Of revision', cell: (row) => String(row.revision) },
  ]);
  return `${lines}\n`;
}
