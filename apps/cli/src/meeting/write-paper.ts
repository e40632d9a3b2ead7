import { writeFile } from 'node:fs/promises';
import { CliError } from '../cli-error.js';
import type { Paper } from './paper.js';

/** Writes a paper as PDF; a file that is there already stays. @throws CliError `unwritable-file` */
export async function writePaper(out: string, paper: Paper): Promise<void> {
  // Whoever verifies a history does not need it.
  const { pdfOf } = await import('./print-paper.js');
  const bytes = await pdfOf(paper);
  await writeFile(out, bytes, { flag: 'wx' }).catch((cause: unknown) => {
    const there = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const why = there ? 'is there already: name another file' : 'cannot be written';
    throw new CliError('unwritable-file', `${out} ${why}`, { cause });
  });
}
