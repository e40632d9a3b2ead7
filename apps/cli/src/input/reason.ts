import type { Command } from 'commander';
import type { Reason } from '#kernel';
import { CliError } from '../cli-error.js';

export interface ReasonOptions {
  readonly reason: string;
  readonly reasonCode: string;
  readonly ticket?: string;
}

const FLAG = '--reason <text>';
const WHY = 'why, in your own words, at least 10 characters; it stays in the record';

/** No command that changes something goes without a reason: it stands in the record for ever. */
export function withReason(command: Command): Command {
  return withKind(command.requiredOption(FLAG, WHY));
}

/** The same, for a command that itself knows when no reason is needed: see {@link requireReason}. @param when as in `to set something` */
export function addReason(
  command: Command,
  when = 'not with a token, which has its standing reason',
): Command {
  return withKind(command.option(FLAG, `${WHY}; ${when}`));
}

function withKind(command: Command): Command {
  return command
    .option('--reason-code <code>', "the reason's kind, such as security-fix", 'other')
    .option('--ticket <id>', 'the record in another system that this follows, such as CHG-2042');
}

/** @throws CliError `usage`, as commander says it of an option that is required */
export function requireReason(options: Partial<ReasonOptions>): ReasonOptions {
  const { reason, reasonCode = 'other', ticket } = options;
  if (reason === undefined) throw new CliError('usage', `required option '${FLAG}' not specified`);
  return { reason, reasonCode, ...(ticket === undefined ? {} : { ticket }) };
}

export function reasonOf({ reason, reasonCode, ticket }: ReasonOptions): Reason {
  return { code: reasonCode, text: reason.trim(), ...(ticket === undefined ? {} : { ticket }) };
}
