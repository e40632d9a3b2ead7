import type { Command } from 'commander';
import { givenTime } from './since.js';

/** What may be said of any change request that a command asks for. */
export interface RequestOptions {
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly draft?: true;
}

export function withRequestOptions(command: Command): Command {
  return command
    .option(
      '--not-before <time>',
      'the earliest time at which it may take effect, such as 2026-12-01T22:00+01:00: approved before, it is scheduled',
    )
    .option('--not-after <time>', 'the latest: what is not in force by then expires')
    .option('--draft', 'keep it a draft: hand it in with "holdfast change submit"');
}

/** As the REST API takes them. @throws CliError `usage` */
export function requestOf({ notBefore, notAfter, draft }: RequestOptions): {
  readonly submit: boolean;
  readonly notBefore?: string;
  readonly notAfter?: string;
} {
  return {
    submit: draft !== true,
    ...(notBefore === undefined ? {} : { notBefore: givenTime(notBefore) }),
    ...(notAfter === undefined ? {} : { notAfter: givenTime(notAfter) }),
  };
}
