import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import type { Block, Paper, Table } from './paper.js';

const fonts = createRequire(import.meta.url);
/** Embedded, so that the file looks the same everywhere, also where none is installed. */
const PLAIN = fonts.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const BOLD = fonts.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf');

const MARGIN = 50;
const FOOTER = 40;
const SIZE = { title: 18, heading: 12, text: 8.5, footer: 6.5 };
const GAP = 6;
const GREY = '#555555';

/** A4 pages with numbers. The same paper gives the same bytes: its date is that of what it tells of, and not of now. */
export async function pdfOf(paper: Paper): Promise<Buffer> {
  const date = new Date(paper.at);
  const document = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOTER },
    bufferPages: true,
    info: { Title: paper.title, Producer: 'Holdfast', Creator: 'Holdfast', CreationDate: date },
  });
  const bytes = buffer(document);
  document.font(BOLD).fontSize(SIZE.title).text(printed(paper.title));
  document.moveDown(0.5);
  for (const block of paper.blocks) write(document, block);
  writeFooters(document, paper);
  document.end();
  return bytes;
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
  document.font(font).fontSize(SIZE.text);
  const width = document.page.width - 2 * MARGIN;
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  const cells = columns.map(({ share }, i) => ({
    text: printed(row[i] ?? ''),
    width: (width * share) / shares - GAP,
  }));
  const height = Math.max(...cells.map((cell) => document.heightOfString(cell.text, { width: cell.width })));
  if (height > bottomOf(document) - MARGIN) {
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

function keepRoom(document: PDFKit.PDFDocument, height: number): void {
  if (document.y + height > bottomOf(document)) document.addPage();
}

function bottomOf(document: PDFKit.PDFDocument): number {
  return document.page.height - document.page.margins.bottom;
}

function writeFooters(document: PDFKit.PDFDocument, { title, digest }: Paper): void {
  const { start, count } = document.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    document.switchToPage(page);
    const { margins } = document.page;
    const bottom = margins.bottom;
    // What is below the margin would begin another page.
    margins.bottom = 0;
    document.font(PLAIN).fontSize(SIZE.footer).fillColor(GREY);
    const options = { width: document.page.width - 2 * MARGIN, lineBreak: false };
    const top = document.page.height - MARGIN;
    document.text(`made from sha256:${digest}`, MARGIN, top - 10, options);
    document.text(`${printed(title)}, page ${page - start + 1} of ${count}`, MARGIN, top, options);
    document.fillColor('black');
    margins.bottom = bottom;
  }
}

/** What came from outside is text: no control character, no mark of direction that would have it read otherwise. */
function printed(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').toWellFormed();
}
