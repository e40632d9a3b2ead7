import { buffer } from 'node:stream/consumers';
import { BOLD, documentOf, printed, SIZE, write, writeFooters } from './pdf.js';
import type { Paper } from './paper.js';

/** A4 pages with numbers. The same paper gives the same bytes: its date is that of what it tells of, and not of now. */
export async function pdfOf(paper: Paper): Promise<Buffer> {
  const document = documentOf(paper.title, new Date(paper.at));
  const bytes = buffer(document);
  document.font(BOLD).fontSize(SIZE.title).text(printed(paper.title));
  document.moveDown(0.5);
  for (const block of paper.blocks) write(document, block);
  writeFooters(document, (page, count) => [
    `made from sha256:${paper.digest}`,
    `${paper.title}, page ${page} of ${count}`,
  ]);
  document.end();
  return bytes;
}
