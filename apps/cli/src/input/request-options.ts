import type { Command } from 'commander';
import { externalTicket, type ExternalTicket } from './external-ticket.js';
import { givenTime } from './since.js';

/** What may be said of any change request that a command asks for. */
export interface RequestOptions {
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly draft?: true;
  readonly supersedes?: string;
  readonly externalTicket?: string;
}

export function withRequestOptions(command: Command): Command {
  return withTimes(command).option(
    '--supersedes <id>',
    'a request that this one takes the place of: once this one is approved, that one is over',
  );
}

/** Of a request that there is already. */
export function withTimes(command: Command): Command {
  return command
    .option(
      '--not-before <time>',
      'the earliest time at which it may take effect, such as 2026-12-01T22:00+01:00: approved before, it is scheduled',
    )
    .option('--not-after <time>', 'the latest: what is not in force by then expires')
    .option(
      '--external-ticket <ticket>',
      'the record in another system that is signed with it, and that a ring may ask for: system:id=address',
    )
    .option('--draft', 'keep it a draft: hand it in with "holdfast change submit"');
}

/** As the REST API takes them. @throws CliError `usage` */
export function requestOf({
  notBefore,
  notAfter,
  draft,
  supersedes,
  externalTicket: ticket,
}: RequestOptions): {
  readonly submit: boolean;
  readonly supersedes?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly ticket?: ExternalTicket;
} {
  return {
    submit: draft !== true,
    ...(supersedes === undefined ? {} : { supersedes }),
    ...(notBefore === undefined ? {} : { notBefore: givenTime(notBefore) }),
    ...(notAfter === undefined ? {} : { notAfter: givenTime(notAfter) }),
    ...(ticket === undefined ? {} : { ticket: externalTicket(ticket) }),
  };
}
