import type { ChangeView, Verification } from '../api/types.js';
import { reasonText } from './reason.js';
import { fields, shown, table } from './table.js';

/** Each revision that was, with its signatures: they are of that record, and void. */
export function earlierText({ earlier = [] }: ChangeView): string {
  if (earlier.length === 0) return '';
  const lines = table(earlier, [
    { header: 'Revision', cell: (row) => String(row.revision) },
    { header: 'Was', cell: (row) => row.status },
    { header: 'Why', cell: (row) => reasonText(row.reason) },
    {
      header: 'Signed, and void',
      cell: (row) =>
        row.signatures.map((each) => `${each.printedName} ${each.signedAt} ${each.meaning}`).join('; ') ||
        '-',
    },
    { header: 'Digest', cell: (row) => row.recordDigest && `sha256:${row.recordDigest}` },
  ]);
  return `${lines}\n`;
}

/** Each on one line: what somebody wrote looks like nothing else that is shown. */
export function commentsText({ comments = [] }: ChangeView): string {
  return (
    comments.map(({ by, at, text }) => `${shown(`${at} ${by.name}: ${text}`)}\n`).join('') +
    (comments.length > 0 ? '\n' : '')
  );
}

/** What a person found, and what the delivery records said then. */
export function verificationText(status: string, found: Verification): string {
  const { by, at, lookedAt, figures, figuresLeftOut } = found;
  const outcome = status === 'verification-failed' ? 'failed' : 'passed';
  const facts = fields([
    ['Verification', outcome],
    ['By', by.name],
    ['Date and time', at],
    ['Looked at', lookedAt],
  ]);
  const more = figuresLeftOut > 0 ? `and ${figuresLeftOut} more revisions\n` : '';
  return `${facts}${figuresText(figures)}${more}`;
}

/** What the delivery records say of each revision; empty for none. */
export function figuresText(figures: Verification['figures']): string {
  if (figures.length === 0) return '';
  return table(figures, [
    { header: 'Name', cell: (row) => row.name },
    { header: 'Revision', cell: (row) => row.version },
    { header: 'Offered to', cell: (row) => devices(row.offered) },
    { header: 'Downloaded by', cell: (row) => devices(row.downloaded) },
    { header: 'Installed on', cell: (row) => devices(row.installed) },
  ]);
}

function devices(count: number): string {
  return `${count} device${count === 1 ? '' : 's'}`;
}
