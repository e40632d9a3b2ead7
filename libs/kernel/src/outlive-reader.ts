import { sentenceOf } from './sentence-of.js';

/**
 * For a command's standard output. A reader that has seen enough (`| head`) ends nothing: what was begun goes to its end, and the exit code says
 * how. What cannot be written for another reason, a full disk say, is said on standard error, and ends the program with 1.
 */
export function outliveReader(output: NodeJS.EventEmitter): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`error: standard output cannot be written: ${sentenceOf(error)}\n`);
    process.exit(1);
  });
}
