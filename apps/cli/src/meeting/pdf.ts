import { createRequire } from 'node:module';
import type { Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import type { Block, Paper, Table } from './paper.js';

const fonts = createRequire(import.meta.url);
/** Embedded, so that the file looks the same everywhere, also where none is installed. */
const PLAIN = fonts.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const BOLD = fonts.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf');

const MARGIN = 50;
const FOOTER = 40;
const SIZE = { title: 18, heading: 12, text: 8.5, below: 6.5, footer: 6.5 };
const GAP = 6;
const GREY = '#555555';

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

/** A paper as long as what it tells of, which is written while it is read. */
export interface LongPaper {
  readonly title: string;
  readonly blocks: readonly Block[];
  readonly columns: Table['columns'];
  /** Each with cells, and with what stands below them over the whole width. */
  readonly rows: AsyncIterable<{ readonly cells: readonly string[]; readonly below: string }>;
  /** What is known once all rows were read. */
  readonly end: () => { readonly at: string | undefined; readonly blocks: readonly Block[] };
}

/** Pages held until they have their footers. */
const PAGES_AT_ONCE = 20;
const BYTES_AT_ONCE = 1024 * 1024;

/** As {@link pdfOf}, in constant memory: a page does not say how many follow, and the last one says what the paper was made from. */
export async function printLong(target: Writable, paper: LongPaper): Promise<void> {
  const { title, blocks, columns, rows, end } = paper;
  const document = documentOf(title, new Date(0), { fontLayoutCache: false });
  const written = pipeline(document, target);
  try {
    document.font(BOLD).fontSize(SIZE.title).text(printed(title));
    document.moveDown(0.5);
    for (const block of blocks) write(document, block);
    const table = { columns, rows: [] };
    const headers = columns.map(({ header }) => header);
    writeRow(document, table, headers, BOLD);
    for await (const { cells, below } of rows) {
      const lines = inLines(printed(below));
      document.font(PLAIN).fontSize(SIZE.below);
      const belowHeight = document.currentLineHeight(true) * lines.length;
      const height = rowHeight(document, cellsOf(document, table, cells)) + belowHeight;
      if (document.y + height + 8 > bottomOf(document)) {
        turnPage(document, title);
        writeRow(document, table, headers, BOLD);
      }
      writeRow(document, table, cells, PLAIN);
      document.font(PLAIN).fontSize(SIZE.below).fillColor(GREY).text(lines.join('\n'), MARGIN, document.y);
      document.fillColor('black').moveDown(0.6);
      while (document.readableLength > BYTES_AT_ONCE && !target.errored) await turn();
    }
    const { at, blocks: last } = end();
    document.moveDown(1);
    for (const block of last) write(document, block);
    document.info.CreationDate = new Date(at ?? 0);
    writeFooters(document, (page) => [`${title}, page ${page}; what follows the last row ends this paper`]);
    document.end();
  } catch (error) {
    document.destroy(error instanceof Error ? error : new Error(String(error)));
    await written.catch(() => undefined);
    throw error;
  }
  await written;
}

/** What has no spaces is broken where a line is full, of letters of usual width: pdfkit would try each length of it. */
function inLines(text: string): readonly string[] {
  return text.match(/.{1,110}/gsu) ?? [''];
}

function turnPage(document: PDFKit.PDFDocument, title: string): void {
  if (document.bufferedPageRange().count >= PAGES_AT_ONCE) {
    writeFooters(document, (page) => [`${title}, page ${page}`]);
    document.flushPages();
  }
  document.addPage();
}

/** @param more `fontLayoutCache`: pdfkit remembers how each word is laid out, and forgets none */
function documentOf(
  title: string,
  date: Date,
  more: { readonly fontLayoutCache?: boolean } = {},
): PDFKit.PDFDocument {
  return new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOTER },
    bufferPages: true,
    ...more,
    info: { Title: title, Producer: 'Holdfast', Creator: 'Holdfast', CreationDate: date },
  });
}

function write(document: PDFKit.PDFDocument, block: Block): void {
  switch (block.kind) {
    case 'heading':
      document.moveDown(1);
      keepRoom(document, 60);
      document.font(BOLD).fontSize(SIZE.heading).text(printed(block.text), MARGIN, document.y);
      document.moveDown(0.3);
      return;
    case 'text':
      document.font(PLAIN).fontSize(SIZE.text).text(printed(block.text), MARGIN, document.y);
      document.moveDown(0.5);
      return;
    case 'facts': {
      const rows = block.facts.map(([name, value]) => [name, value]);
      writeRows(document, {
        columns: [
          { header: '', share: 1 },
          { header: '', share: 4 },
        ],
        rows,
      });
      document.moveDown(0.5);
      return;
    }
    case 'table':
      writeRow(
        document,
        block.table,
        block.table.columns.map(({ header }) => header),
        BOLD,
      );
      writeRows(document, block.table);
      document.moveDown(0.5);
      return;
  }
}

function writeRows(document: PDFKit.PDFDocument, table: Table): void {
  for (const row of table.rows) writeRow(document, table, row, PLAIN);
}

/** Its cells beside each other, all on one page, unless one alone is longer than a page: then they come one below the other. */
function writeRow(
  document: PDFKit.PDFDocument,
  { columns }: Table,
  row: readonly string[],
  font: string,
): void {
  document.font(font);
  const cells = cellsOf(document, { columns }, row);
  const height = rowHeight(document, cells);
  if (height > bottomOf(document) - MARGIN) {
    const width = document.page.width - 2 * MARGIN;
    for (const { text } of cells) document.text(text, MARGIN, document.y, { width });
    return;
  }
  keepRoom(document, height);
  const top = document.y;
  let left = MARGIN;
  for (const cell of cells) {
    document.text(cell.text, left, top, { width: cell.width });
    left += cell.width + GAP;
  }
  document.x = MARGIN;
  document.y = top + height + 2;
}

interface Cell {
  readonly text: string;
  readonly width: number;
}

function cellsOf(
  document: PDFKit.PDFDocument,
  { columns }: Pick<Table, 'columns'>,
  row: readonly string[],
): readonly Cell[] {
  const width = document.page.width - 2 * MARGIN;
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  return columns.map(({ share }, i) => ({
    text: printed(row[i] ?? ''),
    width: (width * share) / shares - GAP,
  }));
}

function rowHeight(document: PDFKit.PDFDocument, cells: readonly Cell[]): number {
  document.fontSize(SIZE.text);
  return Math.max(...cells.map((cell) => document.heightOfString(cell.text, { width: cell.width })));
}

function keepRoom(document: PDFKit.PDFDocument, height: number): void {
  if (document.y + height > bottomOf(document)) document.addPage();
}

function bottomOf(document: PDFKit.PDFDocument): number {
  return document.page.height - document.page.margins.bottom;
}

/** @param linesOf what stands at the foot of a page, by its number and that of all that there are so far */
function writeFooters(
  document: PDFKit.PDFDocument,
  linesOf: (page: number, count: number) => readonly string[],
): void {
  const { start, count } = document.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    document.switchToPage(page);
    const { margins } = document.page;
    const bottom = margins.bottom;
    // What is below the margin would begin another page.
    margins.bottom = 0;
    document.font(PLAIN).fontSize(SIZE.footer).fillColor(GREY);
    const options = { width: document.page.width - 2 * MARGIN, lineBreak: false };
    const lines = linesOf(page + 1, start + count);
    for (const [i, line] of lines.entries()) {
      const top = document.page.height - MARGIN - 10 * (lines.length - 1 - i);
      document.text(printed(line), MARGIN, top, options);
    }
    document.fillColor('black');
    margins.bottom = bottom;
  }
}

/** What came from outside is text: no control character, no mark of direction that would have it read otherwise. */
function printed(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').toWellFormed();
}
