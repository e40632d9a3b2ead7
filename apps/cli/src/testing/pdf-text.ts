import { inflateSync } from 'node:zlib';

/**
 * The text of a PDF as a reader would copy it, a string for each page: glyphs by the ToUnicode maps of the embedded fonts (ISO 32000-1, 9.10.3). Only what
 * pdfkit writes: deflated streams, fonts with two bytes a glyph.
 */
export function pdfText(pdf: Buffer): string[] {
  const objects = objectsOf(pdf);
  const maps = new Map<string, ReadonlyMap<number, string>>();
  const fontOf = new Map<string, string>();
  const pages: string[] = [];
  for (const { dictionary } of objects.values()) {
    for (const [, name, id] of dictionary.matchAll(/\/(F\d+) (\d+) 0 R/g))
      if (name && id) fontOf.set(name, id);
  }
  for (const [id, { dictionary }] of objects) {
    const map = /\/ToUnicode (\d+) 0 R/.exec(dictionary)?.[1];
    if (map) maps.set(id, unicodeOf(objects.get(map)?.stream ?? ''));
  }
  for (const { dictionary } of objects.values()) {
    if (!/\/Type \/Page\b(?!s)/.test(dictionary)) continue;
    const content = /\/Contents (\d+) 0 R/.exec(dictionary)?.[1] ?? '';
    pages.push(textOf(objects.get(content)?.stream ?? '', (font) => maps.get(fontOf.get(font) ?? '')));
  }
  return pages;
}

interface PdfObject {
  readonly dictionary: string;
  readonly stream: string;
}

function objectsOf(pdf: Buffer): Map<string, PdfObject> {
  const objects = new Map<string, PdfObject>();
  const text = pdf.toString('latin1');
  for (const match of text.matchAll(/(?:^|\n)(\d+) 0 obj\n/g)) {
    const start = match.index + match[0].length;
    const end = text.indexOf('\nendobj', start);
    const body = text.slice(start, end);
    const at = body.indexOf('\nstream\n');
    const dictionary = at < 0 ? body : body.slice(0, at);
    const raw = at < 0 ? '' : body.slice(at + 8, body.lastIndexOf('\nendstream'));
    const stream = dictionary.includes('/FlateDecode')
      ? inflateSync(Buffer.from(raw, 'latin1')).toString('latin1')
      : raw;
    objects.set(match[1] ?? '', { dictionary, stream });
  }
  return objects;
}

function unicodeOf(cmap: string): ReadonlyMap<number, string> {
  const map = new Map<number, string>();
  for (const [, from, , list] of cmap.matchAll(/<([0-9a-f]{4})> <([0-9a-f]{4})> \[([^\]]*)\]/gi)) {
    const first = Number.parseInt(from ?? '', 16);
    for (const [i, [, hex]] of [...(list ?? '').matchAll(/<([0-9a-f ]*)>/gi)].entries()) {
      map.set(
        first + i,
        Buffer.from((hex ?? '').replaceAll(' ', ''), 'hex')
          .swap16()
          .toString('utf16le'),
      );
    }
  }
  return map;
}

function textOf(content: string, mapOf: (font: string) => ReadonlyMap<number, string> | undefined): string {
  let map: ReadonlyMap<number, string> | undefined;
  const lines: string[] = [];
  for (const [, font, shown] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (font !== undefined) map = mapOf(font);
    if (shown === undefined) continue;
    const codes = [...shown.matchAll(/<([0-9a-f]*)>/gi)].flatMap(
      ([, hex]) => (hex ?? '').match(/.{4}/g) ?? [],
    );
    lines.push(codes.map((code) => map?.get(Number.parseInt(code, 16)) ?? '?').join(''));
  }
  return lines.join('\n');
}
