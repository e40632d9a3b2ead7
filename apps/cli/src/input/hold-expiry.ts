import { Option, type Command } from 'commander';
import type { HoldEnd } from '../api/hold-types.js';
import { CliError } from '../cli-error.js';
import { givenTime } from './since.js';

export const AT_EXPIRY = ['keep', 'release', 'block'] as const satisfies readonly HoldEnd['action'][];

export interface ExpiryOptions {
  readonly until?: string;
  readonly atExpiry?: HoldEnd['action'];
}

/** Until when a revision is to be held, and what comes of it then: part of what is signed. */
export function withExpiry(command: Command): Command {
  return command
    .option(
      '--until <time>',
      'hold it until then, such as 2027-03-31T18:00+02:00; without: for as long as nobody changes it, which may take more signatures',
    )
    .addOption(
      new Option(
        '--at-expiry <what>',
        'what comes of it then: it stays and people are told, upstream decides again, or the snap is not served any more (keep, without it)',
      ).choices(AT_EXPIRY),
    );
}

/** @throws CliError `usage` */
export function expiryOf({ until, atExpiry }: ExpiryOptions): HoldEnd | undefined {
  if (until !== undefined) return { at: givenTime(until), action: atExpiry ?? 'keep' };
  if (atExpiry === undefined) return undefined;
  throw new CliError(
    'usage',
    '--at-expiry says what comes of a hold at its end: say when that is, with --until',
  );
}
