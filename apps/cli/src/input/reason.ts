import type { Command } from 'commander';
import type { Reason } from '#kernel';

export interface ReasonOptions {
  readonly reason: string;
  readonly reasonCode: string;
  readonly ticket?: string;
}

/** No command that changes something goes without a reason: it stands in the record for ever. */
export function withReason(command: Command): Command {
  return command
    .requiredOption(
      '--reason <text>',
      'why, in your own words, at least 10 characters; it stays in the record',
    )
    .option('--reason-code <code>', "the reason's kind, from the site's catalogue", 'other')
    .option('--ticket <id>', 'the record in another system that this follows, such as CHG-2042');
}

export function reasonOf({ reason, reasonCode, ticket }: ReasonOptions): Reason {
  return { code: reasonCode, text: reason.trim(), ...(ticket === undefined ? {} : { ticket }) };
}
