import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { SandboxError } from '../sandbox-error.js';
import type { Change } from './change.js';
import { Fields } from './fields.js';
import { parseChange } from './parse-change.js';

const KINDS = [
  'release',
  'revision',
  'withdrawal',
  'default-track',
  'declaration',
] as const satisfies readonly Change['kind'][];

/** The administration's changes, one JSON object a line: replayed at the next start. */
export class Journal {
  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
  }

  append(change: Change): void {
    appendFileSync(this.file, `${JSON.stringify(change)}\n`);
  }

  /** At start, before anything is appended. @throws SandboxError `bad-request` for a line that is no change */
  read(): Change[] {
    if (!existsSync(this.file)) return [];
    const text = readFileSync(this.file, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    // What follows the last line end is a line that a crash cut off: its request was never answered.
    if (whole.length < text.length) truncateSync(this.file, Buffer.byteLength(whole));
    const lines = whole.split('\n').slice(0, -1);
    return lines.map((line, index) => this.parse(line, index + 1));
  }

  private parse(line: string, number: number): Change {
    try {
      const value: unknown = JSON.parse(line);
      return parseChange(new Fields(value).oneOf('kind', KINDS), value);
    } catch (cause) {
      throw new SandboxError('bad-request', `${this.file}, line ${number} is no change`, { cause });
    }
  }
}
