import { parseArgs } from 'node:util';
import { kindsNamed, type Kind } from './kinds.js';

export interface Arguments {
  readonly rounds: number;
  /** Decides which faults come when; printed with each round, so that it can be tried again. */
  readonly seed: number;
  readonly kinds: readonly Kind[];
  /** How long the database stays away, where it does; undefined: by chance, for seconds. */
  readonly awayMs: number | undefined;
  /** Leave the site's folder where it is, also when nothing was found. */
  readonly keep: boolean;
}

export const USAGE =
  'usage: npm run faults -- [--rounds N] [--seed S] [--keep] [--away SECONDS] [--only KIND…]';

/** @throws Error with a sentence */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: {
      rounds: { type: 'string', default: '20' },
      seed: { type: 'string' },
      away: { type: 'string' },
      keep: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
    },
    allowPositionals: true,
  });
  if (positionals.length > 0 && values.only.length === 0) throw new Error(USAGE);
  return {
    rounds: whole('--rounds', values.rounds, 1),
    seed: values.seed === undefined ? Date.now() % 1_000_000 : whole('--seed', values.seed, 0),
    kinds: kindsNamed([...values.only, ...positionals]),
    awayMs: values.away === undefined ? undefined : whole('--away', values.away, 1) * 1_000,
    keep: values.keep,
  };
}

function whole(name: string, text: string, atLeast: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < atLeast)
    throw new Error(`${name} must be a whole number from ${atLeast} on, not ${text}`);
  return value;
}
