import { CliError } from '../cli-error.js';

const COLUMNS = ['brand', 'model', 'serial'] as const;

/** Faults that are named at once: of a file of another form there would be thousands. */
const MOST_NAMED = 10;

/**
 * Devices of a CSV file, as `brand/model/serial`: a line with the names of the columns first, of which `brand`, `model` and `serial` must be among
 * them, in any order; then a line for each device. Fields may stand in double quotes (RFC 4180, 2).
 * @throws CliError `usage`, with the line and the column of what is wrong
 */
export function devicesIn(csv: string, file: string): readonly string[] {
  // A spreadsheet may begin its file with a byte order mark.
  const lines = csv.replace(/^\uFEFF/, '').split(/\r?\n/);
  const [head = ''] = lines;
  const names = fieldsOf(head).map((name) => name.toLowerCase());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0)
    throw new CliError(
      'usage',
      `${file}, line 1 names no column ${missing.join(' and no column ')}: begin with "brand,model,serial"`,
    );
  const seen = new Map<string, number>();
  const faults: string[] = [];
  for (const [i, line] of lines.entries()) {
    if (i === 0 || line.trim() === '') continue;
    const fields = fieldsOf(line);
    const wrong = faultIn(fields, names);
    const device = COLUMNS.map((column) => fields[names.indexOf(column)] ?? '').join('/');
    const before = seen.get(device);
    if (wrong !== undefined) faults.push(`line ${i + 1}: ${wrong}`);
    else if (before === undefined) seen.set(device, i + 1);
    else faults.push(`line ${i + 1}: ${device} is in line ${before} already`);
  }
  if (faults.length > 0) {
    const more = faults.length > MOST_NAMED ? `; and ${faults.length - MOST_NAMED} more` : '';
    throw new CliError(
      'usage',
      `${file}: ${faults.slice(0, MOST_NAMED).join('; ')}${more}. Nothing was imported`,
    );
  }
  if (seen.size === 0) throw new CliError('usage', `${file} names no device`);
  return [...seen.keys()];
}

function faultIn(fields: readonly string[], names: readonly string[]): string | undefined {
  if (fields.length !== names.length)
    return `${fields.length} fields, where line 1 names ${names.length} columns`;
  for (const column of COLUMNS) {
    const field = fields[names.indexOf(column)] ?? '';
    if (field === '') return `no ${column}`;
    if (!/^[\x21-\x2e\x30-\x7e]{1,100}$/.test(field))
      return `the ${column} ${JSON.stringify(field)} is not 1 to 100 printable characters without a space or a "/"`;
  }
  return undefined;
}

/** A quote inside quotes is doubled. */
function fieldsOf(line: string): readonly string[] {
  const fields = line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [];
  const texts = fields.map((field) => field.replace(/,$/, '').trim());
  // What follows the last comma, or ends the line, matches once more as nothing.
  const whole = line.endsWith(',') ? texts : texts.slice(0, -1);
  return whole.map((text) => (/^".*"$/.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text));
}
