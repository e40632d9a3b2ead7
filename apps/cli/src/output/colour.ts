import type { Cli, Output } from '../cli.js';

/** Marks good and bad on a terminal, beside the words that say it: colour alone says nothing. https://no-color.org */
export function colours(cli: Cli, output: Output): { good(text: string): string; bad(text: string): string } {
  const wanted = output.isTTY === true && !cli.env['NO_COLOR'];
  const paint = (code: number) => (text: string) => (wanted ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { good: paint(32), bad: paint(31) };
}
