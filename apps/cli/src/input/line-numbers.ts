import { CliError } from '../cli-error.js';

const MOST = 100_000;

/** `1-5,7`: numbers from 1 on, and ranges of them. @throws CliError `usage` */
export function lineNumbers(text: string): readonly number[] {
  const numbers = text.split(',').flatMap((part) => {
    const [, first = '', last = first] = /^([1-9][0-9]{0,5})(?:-([1-9][0-9]{0,5}))?$/.exec(part.trim()) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === '' || to < from || to > MOST)
      throw new CliError('usage', `"${text}" are no lines: such as 1-5,7`);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return [...new Set(numbers)];
}
