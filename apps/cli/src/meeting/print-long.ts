import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import {
  BOLD,
  bottomOf,
  cellsOf,
  documentOf,
  GREY,
  MARGIN,
  PLAIN,
  printed,
  rowHeight,
  SIZE,
  write,
  writeFooters,
  writeRow,
} from './pdf.js';
import type { Block, Table } from './paper.js';

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
/** Rows after which words are forgotten: of fewer, some would be laid out again; of many, they fill the memory. */
const ROWS_REMEMBERED = 10;
const BYTES_AT_ONCE = 1024 * 1024;

/** A4 pages with numbers, in constant memory: a page does not say how many follow, and the last one says what the paper was made from. */
export async function printLong(target: Writable, paper: LongPaper): Promise<void> {
  const { title, blocks, columns, rows, end } = paper;
  const document = documentOf(title, new Date(0));
  const written = pipeline(document, target);
  try {
    document.font(BOLD).fontSize(SIZE.title).text(printed(title));
    document.moveDown(0.5);
    for (const block of blocks) write(document, block);
    const table = { columns, rows: [] };
    const headers = columns.map(({ header }) => header);
    writeRow(document, table, headers, BOLD);
    let row = 0;
    for await (const { cells, below } of rows) {
      if (++row % ROWS_REMEMBERED === 0) forgetWords(document);
      const lines = inLines(printed(below));
      document.font(PLAIN).fontSize(SIZE.below);
      const belowHeight = document.currentLineHeight(true) * lines.length;
      const height = rowHeight(document, cellsOf(document, table, cells)) + belowHeight;
      if (document.y + height + 8 > bottomOf(document)) {
        turnPage(document, title);
        writeRow(document, table, headers, BOLD);
      }
      writeRow(document, table, cells, PLAIN);
      writeBelow(document, lines);
      document.moveDown(0.6);
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

/** As text() would, which measures a line word by word before it lays out the whole of it. */
function writeBelow(document: PDFKit.PDFDocument, lines: readonly string[]): void {
  document.font(PLAIN).fontSize(SIZE.below).fillColor(GREY);
  const width = document.page.width - 2 * MARGIN;
  const height = document.currentLineHeight(true);
  for (const line of lines) {
    if (document.y + height > bottomOf(document)) document.addPage().fillColor(GREY);
    const top = document.y;
    const fits = document.widthOfString(line) <= width;
    document.text(line, MARGIN, top, fits ? { lineBreak: false } : { width });
    if (fits) document.y = top + height;
  }
  document.x = MARGIN;
  document.fillColor('black');
}

/** pdfkit remembers how each word is laid out, which is most of what a row takes, and forgets none. */
function forgetWords(document: PDFKit.PDFDocument): void {
  const { _fontFamilies: fonts } = document as unknown as RemembersWords;
  for (const font of Object.values(fonts)) font.layoutCache = Object.create(null) as object;
}

/** What its types leave out. */
interface RemembersWords {
  readonly _fontFamilies: Readonly<Record<string, { layoutCache: object }>>;
}

function turnPage(document: PDFKit.PDFDocument, title: string): void {
  if (document.bufferedPageRange().count >= PAGES_AT_ONCE) {
    writeFooters(document, (page) => [`${title}, page ${page}`]);
    document.flushPages();
  }
  document.addPage();
}
