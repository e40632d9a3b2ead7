import { InvalidArgumentError } from 'commander';

/** For options such as `--limit`. @throws InvalidArgumentError */
export function parseCount(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number from 1.');
  return Number(text);
}
