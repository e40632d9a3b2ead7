import { createHash } from 'node:crypto';
import { TRAIL_COLUMNS } from './columns.js';
import type { CopiedRow, CopyEnd } from './copy-check.js';

/** Behind what is on the screen, what a program checks: the event is the exact bytes that the digests are of. */
const DIGESTS = ['SHA-256', 'Leaf', 'Event as written'] as const;

/**
 * A copy as CSV (RFC 4180, UTF-8), for spreadsheets. The last record has "end", the count of events, and the SHA-256 of every byte before it.
 * @param end what the copy turned out to be, once all rows were read
 */
export async function* csvOf(rows: AsyncIterable<CopiedRow>, end: () => CopyEnd): AsyncGenerator<string> {
  const digest = createHash('sha256');
  const said = (record: string) => {
    digest.update(record);
    return record;
  };
  yield said(recordOf([...TRAIL_COLUMNS.map(({ header }) => header), ...DIGESTS]));
  for await (const { shown, sha256, leaf, bytes } of rows)
    yield said(
      recordOf([
        ...TRAIL_COLUMNS.map(({ cell }) => harmless(cell(shown))),
        sha256,
        leaf,
        bytes.toString('utf8'),
      ]),
    );
  const { count, root } = end();
  const filler = Array.from({ length: TRAIL_COLUMNS.length - 2 }, () => '');
  yield recordOf(['end', count, ...filler, digest.digest('hex'), root ?? '', '']);
}

/** What a spreadsheet would take for a formula is text for it: what people typed must not run where somebody reads it. */
function harmless(text: string): string {
  return /^[\s\p{Cf}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r]/u.test(text) ? `'${text}` : text;
}

function recordOf(cells: readonly string[]): string {
  return `${cells.map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(',')}\r\n`;
}
