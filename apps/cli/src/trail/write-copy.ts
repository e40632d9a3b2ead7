import { createWriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CliError } from '../cli-error.js';
import type { CopiedRow, CopyCheck } from './copy-check.js';
import { csvOf } from './csv.js';

export const COPY_FORMS = ['jsonl', 'csv', 'pdf'] as const;
export type CopyForm = (typeof COPY_FORMS)[number];

/** What stands on the first page of a copy for people. */
export interface CopyFacts {
  readonly site: string;
  /** What was searched for, as option and value. */
  readonly filter: readonly (readonly [name: string, value: string])[];
}

/**
 * Writes a copy into a file that is there once the copy is whole and checked, and not before. Holds a few rows at a time.
 * @throws CliError `unwritable-file` where there is one already, and what reading the rows throws
 */
export async function writeCopy(
  file: string,
  form: CopyForm,
  facts: CopyFacts,
  { check, rows }: { readonly check: CopyCheck; readonly rows: AsyncIterable<CopiedRow> },
): Promise<void> {
  if (await isThere(file))
    throw new CliError('unwritable-file', `${file} is there already: name another file`);
  const part = `${file}.part`;
  await rm(part, { force: true });
  try {
    const target = createWriteStream(part, { flags: 'wx', mode: 0o600 });
    if (form === 'pdf') {
      // Whoever copies for a program does not need it.
      const { printTrail } = await import('./print-trail.js');
      await printTrail(target, facts, { check, rows });
    } else {
      const text = form === 'csv' ? csvOf(rows, () => check.end) : linesOf(rows, check);
      await pipeline(Readable.from(text, { objectMode: false }), target);
    }
    await rename(part, file);
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause && 'path' in cause)
      throw new CliError('unwritable-file', `${file} cannot be written: ${cause.message}`, { cause });
    throw cause;
  } finally {
    await rm(part, { force: true });
  }
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function* linesOf(rows: AsyncIterable<CopiedRow>, check: CopyCheck): AsyncGenerator<Buffer> {
  for await (const { line } of rows) yield line;
  yield check.end.line;
}
