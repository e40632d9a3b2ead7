import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import type { Block, Table } from './paper.js';

const fonts = createRequire(import.meta.url);
/** Embedded, so that the file looks the same everywhere, also where none is installed. */
export const PLAIN = fonts.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
export const BOLD = fonts.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf');

export const MARGIN = 50;
const FOOTER = 40;
export /** A title in which the name of a site that nobody named, with its UUID, has room in one line. */
const SIZE = { title: 14, heading: 12, text: 8.5, below: 6.5, footer: 6.5 };
const GAP = 6;
export const GREY = '#555555';

/** An A4 document without a page's text yet. */
export function documentOf(title: string, date: Date): PDFKit.PDFDocument {
  return new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOTER },
    bufferPages: true,
    info: { Title: title, Producer: 'Holdfast', Creator: 'Holdfast', CreationDate: date },
  });
}

/** Below what is there. */
export function write(document: PDFKit.PDFDocument, block: Block): void {
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
export function writeRow(
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

/** The cells of a row, each with its width, in points. */
export function cellsOf(
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

/** Points, with the font that is set. */
export function rowHeight(document: PDFKit.PDFDocument, cells: readonly Cell[]): number {
  document.fontSize(SIZE.text);
  return Math.max(...cells.map((cell) => document.heightOfString(cell.text, { width: cell.width })));
}

function keepRoom(document: PDFKit.PDFDocument, height: number): void {
  if (document.y + height > bottomOf(document)) document.addPage();
}

/** Points from the top: below it is the footer. */
export function bottomOf(document: PDFKit.PDFDocument): number {
  return document.page.height - document.page.margins.bottom;
}

/** @param linesOf what stands at the foot of a page, by its number and that of all that there are so far */
export function writeFooters(
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
export function printed(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').toWellFormed();
}
