import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { exportLines } from '#audit-trail/commands/copy-record/export-lines';
import { canonicalBytes, sha256Hex, type JsonObject } from '#kernel';
import { pdfText } from '../testing/pdf-text.js';
import { TestCli } from '../testing/test-cli.js';

const event = (i: number, more: JsonObject = {}) =>
  canonicalBytes({
    id: `event-${i}`,
    type: 'Noted',
    stream: 'note/1',
    at: new Date(Date.UTC(2026, 9, 25, 0, 30, i)).toISOString(),
    zone: 'Europe/Zurich',
    offset: '+02:00',
    actor: { kind: 'person', id: 'p-ann', name: 'Ann' },
    reason: { code: 'routine', text: 'because it was due' },
    data: { i },
    ...more,
  });
const HISTORY = [
  event(0, { actor: { kind: 'person', id: 'p-eve', name: '=HYPERLINK("http://evil.example")' } }),
  event(1, { stream: '@SUM(A1)', reason: { code: 'other', text: 'two\r\nlines, "quoted", and \u2028' } }),
  // Its offset is that of an hour later: the clock at the site showed this time twice.
  event(2, { at: '2026-10-25T01:30:00.000Z', offset: '+01:00' }),
  event(3, { at: '2026-10-25T00:30:00.000Z', offset: '+02:00' }),
];

async function copyOf(history: readonly Uint8Array[], whole = true): Promise<string> {
  const rows = history.map((bytes, i) => ({
    position: String(i),
    sha256: sha256Hex(bytes),
    event: Buffer.from(bytes).toString(),
  }));
  const lines: string[] = [];
  for await (const line of exportLines(
    (async function* () {
      yield rows;
    })(),
    whole,
  ))
    lines.push(line);
  return lines.join('');
}

const EXPORT = 'GET /v1/audit/export';
const STATUS = { 'GET /v1/status': [200, { site: { origin: 'site.example/log' } }] } as const;

let cli: TestCli;
let out: string;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
  out = join(cli.folder, 'copy');
});

async function exported(text: string, ...words: string[]) {
  const forms = ['', '?as=csv', '?as=pdf'].map((as) => [`${EXPORT}${as}`, [200, text]] as const);
  await cli.control({ ...STATUS, ...Object.fromEntries(forms) });
  return cli.run(['audit', 'export', '--out', out, ...words]);
}

/** RFC 4180, as strictly as a program reads it. */
function recordsOf(csv: string): string[][] {
  const records: string[][] = [];
  for (const [record] of csv.matchAll(
    /(?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,(?:"(?:[^"]|"")*"|[^",\r\n]*))*\r\n/g,
  ))
    records.push(
      [...record.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
  return records;
}

describe('audit export', () => {
  it('R09: is the copy as it came, for programs', async () => {
    const text = await copyOf(HISTORY);
    const { exitCode, stdout, stderr } = await exported(text);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: `${out}: 4 events\n`, stderr: '' });
    expect(readFileSync(out, 'utf8')).toBe(text);
  });

  it('R07, R09: has the columns of the screen as CSV, of which none is a formula, and the exact event in each row', async () => {
    await exported(await copyOf(HISTORY), '--as', 'csv');
    const text = readFileSync(out, 'utf8');
    const [header = [], ...rows] = recordsOf(text);
    const end = rows.pop() ?? [];
    await cli.control({
      'GET /v1/audit': [
        200,
        {
          events: HISTORY.map((bytes, i) => ({
            ...(JSON.parse(Buffer.from(bytes).toString()) as object),
            position: String(i),
          })),
          next: null,
        },
      ],
    });
    const onScreen = (await cli.run(['audit', 'list'])).stdout.split('\n')[0]?.split(/ {2,}/);
    expect(header).toEqual([...(onScreen ?? []), 'SHA-256', 'Leaf', 'Event as written']);
    expect(rows.map((row) => row.at(-1))).toEqual(HISTORY.map((bytes) => Buffer.from(bytes).toString()));
    for (const row of rows) {
      expect(row).toHaveLength(header.length);
      expect(sha256Hex(Buffer.from(row[9] ?? ''))).toBe(row[7]);
      for (const cell of row) expect(cell).not.toMatch(/^\s*[=+\-@]/);
    }
    expect(rows[0]?.[3]).toBe(`'=HYPERLINK("http://evil.example")`);
    // In the order of their positions, told apart by the offset.
    expect(rows.slice(2).map((row) => row.slice(0, 3))).toEqual([
      ['2', '2026-10-25T01:30:00.000Z', '2026-10-25 02:30:00.000 +01:00 Europe/Zurich'],
      ['3', '2026-10-25T00:30:00.000Z', '2026-10-25 02:30:00.000 +02:00 Europe/Zurich'],
    ]);
    const before = text.slice(0, text.lastIndexOf('end,4,'));
    expect(end.slice(0, 2)).toEqual(['end', '4']);
    expect(end[7]).toBe(createHash('sha256').update(before).digest('hex'));
  });

  /** Over several pages. */
  const LONG = '~'.repeat(40_000);

  it('R07, R09: prints all of it for people, with what it was made from at the end', async () => {
    const history = Array.from({ length: 300 }, (_, i) =>
      event(i % 60, { data: { i, text: i === 150 ? LONG : 'word '.repeat(i % 200) } }),
    );
    const text = await copyOf(history);
    const { exitCode } = await exported(text, '--as', 'pdf');
    expect(exitCode).toBe(0);
    const pages = pdfText(readFileSync(out));
    expect(pages.length).toBeGreaterThan(21);
    const words = pages.join(' ').replaceAll(/\s+/g, ' ');
    expect(words).toContain('Record: site.example/log Of everything that was recorded');
    expect(words).toContain('2026-10-25T00:30:00.000Z');
    expect(words.replaceAll(' ', '')).toContain('2026-10-2502:30:00.000+02:00Europe/Zurich');
    for (const bytes of history) expect(words.replaceAll(' ', '')).toContain(sha256Hex(bytes));
    expect(words.match(/~/g)).toHaveLength(LONG.length);
    expect(words).toMatch(/End of the copy Events 300 Made from sha256:/);
    expect(pages.map((page) => /page (\d+)/.exec(page.split('\n').slice(-2).join(' '))?.[1])).toEqual(
      pages.map((_, i) => String(i + 1)),
    );
  });

  it('R17, R18: has in the row of a signature its printed name, its time with zone, and its meaning', async () => {
    const signature = { meaning: 'approved', printedName: 'Ann of the team', recordDigest: 'ab'.repeat(32) };
    const approval = event(4, { type: 'ChangeApproved', data: { signature } });
    await exported(await copyOf([approval]), '--as', 'csv');
    const [header = [], row = []] = recordsOf(readFileSync(out, 'utf8'));
    const cells = new Map(header.map((name, i) => [name, row[i] ?? '']));
    expect([cells.get('Event'), cells.get('At the site')]).toEqual([
      'ChangeApproved',
      '2026-10-25 02:30:04.000 +02:00 Europe/Zurich',
    ]);
    expect(JSON.parse(cells.get('Event as written') ?? '')).toMatchObject({ data: { signature } });
  });

  it('R09: asks for what is searched for, and says so on the first page', async () => {
    const asked = `${EXPORT}?type=Noted&from=2026-10-01T00%3A00%3A00Z&as=pdf`;
    const fixture = await cli.control({ ...STATUS, [asked]: [200, await copyOf(HISTORY, false)] });
    const words = ['audit', 'export', '--out', out, '--type', 'Noted', '--from', '2026-10-01T00:00:00Z'];
    expect(await cli.run([...words, '--as', 'pdf', '--format', 'json'])).toMatchObject({ exitCode: 0 });
    expect(fixture.seen.map(({ request }) => request)).toContain(asked);
    expect(pdfText(readFileSync(out))[0]?.replaceAll('\n', ' ')).toContain('type Noted from 2026-10-01');
  });

  it.each([
    [
      'breaks off between two lines',
      (text: string) => `${text.split('\n').slice(0, 2).join('\n')}\n`,
      7,
      'copy-incomplete',
    ],
    ['breaks off within a line', (text: string) => text.slice(0, 700), 7, 'copy-incomplete'],
    ['lacks an event', (text: string) => text.replace(/^.*"position":"2".*\n/m, ''), 6, 'copy-differs'],
    [
      'has two in another order',
      (text: string) => text.replace(/^([^\n]*\n)([^\n]*\n)/, '$2$1'),
      6,
      'copy-differs',
    ],
    ['has an altered event', (text: string) => text.replace('"Ann"', '"Eve"'), 6, 'copy-differs'],
    [
      'has an altered event with a digest to match',
      (text: string) => {
        const altered = HISTORY.with(2, event(2, { at: '2026-10-25T01:31:00.000Z' }));
        const [, , other = ''] = altered.map((bytes) => Buffer.from(bytes).toString());
        return text.replace(Buffer.from(HISTORY[2] ?? []).toString(), other);
      },
      6,
      'copy-differs',
    ],
    ['goes on after its end', (text: string) => `${text}{"end":true}\n`, 6, 'copy-differs'],
    ['is none', () => '<html>\n', 6, 'copy-differs'],
  ])('R09: one that %s leaves nothing, and says why', async (_what, alter, code, why) => {
    const { exitCode, stderr } = await exported(alter(await copyOf(HISTORY)), '--format', 'json');
    expect({ exitCode, code: (JSON.parse(stderr) as { code: string }).code }).toEqual({
      exitCode: code,
      code: why,
    });
    expect(readdirSync(cli.folder).filter((name) => name.startsWith('copy'))).toEqual([]);
  });

  it('R09: one whose connection breaks leaves nothing', async () => {
    const text = await copyOf(HISTORY);
    await cli.control({ ...STATUS, [EXPORT]: [200, text.slice(0, 800), { 'content-length': '5000' }] });
    expect(await cli.run(['audit', 'export', '--out', out])).toMatchObject({ exitCode: 7 });
    expect(existsSync(out)).toBe(false);
  });

  it('leaves a file that is there as it is', async () => {
    writeFileSync(out, 'mine');
    const { exitCode, stderr } = await exported(await copyOf(HISTORY));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is there already: name another file');
    expect(readFileSync(out, 'utf8')).toBe('mine');
  });
});
