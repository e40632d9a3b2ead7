import type { ChangeRecord, ChangeView } from '../api/types.js';
import { table } from './table.js';

type Attachments = NonNullable<ChangeView['attachments']>;

/** The files of a request. */
export function attachmentsText(attachments: Attachments): string {
  if (attachments.length === 0) return 'no attachments\n';
  return table(attachments, [
    { header: 'Attachment', cell: (row) => row.name },
    { header: 'Type', cell: (row) => row.mediaType },
    { header: 'Bytes', cell: (row) => String(row.size) },
    { header: 'Signed with it', cell: (row) => (row.inRecord ? 'yes' : 'no, it came later') },
    { header: 'By', cell: (row) => row.by.name },
    { header: 'Date and time', cell: (row) => row.at },
    { header: 'Digest', cell: (row) => `sha256:${row.attachment}` },
  ]);
}

/** The files that are signed with a record: nobody is to sign what is not shown. */
export function recordAttachments({
  attachments = [],
}: Pick<ChangeRecord, 'attachments'>): (readonly [string, string])[] {
  return attachments.map(({ name, mediaType, size, attachment, by }) => [
    'Attachment',
    `${JSON.stringify(name)} (${mediaType}, ${size} bytes, of ${by.name}) sha256:${attachment}`,
  ]);
}

/** Where a request is shown: nothing for one without. */
export function attachmentsPart({ attachments = [] }: ChangeView): string {
  return attachments.length === 0 ? '' : `${attachmentsText(attachments)}\n`;
}
