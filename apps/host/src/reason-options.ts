import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { Command } from 'commander';
import type { Reason } from '#kernel';
import { HttpError } from '#platform/http/errors';
import { ReasonDto } from '#platform/http/reason.dto';

export interface ReasonOptions {
  readonly reason: string;
  readonly reasonCode: string;
  readonly ticket?: string;
}

/**
 * No command that changes something goes without a reason, at this door neither. The words are the CLI's (apps/cli/src/input/reason.ts), which may import
 * nothing of this, since its reasons are checked by control.
 */
export function withReason(command: Command): Command {
  return command
    .requiredOption(
      '--reason <text>',
      'why, in your own words, at least 10 characters; it stays in the record',
    )
    .option('--reason-code <code>', "the reason's kind, such as security-fix", 'other')
    .option('--ticket <id>', 'the record in another system that this follows, such as CHG-2042');
}

/** By the rules of the REST API. @throws HttpError `reason-required` */
export function reasonOf({ reason, reasonCode, ticket }: ReasonOptions): Reason {
  const given = { code: reasonCode, text: reason, ...(ticket === undefined ? {} : { ticket }) };
  const dto = plainToInstance(ReasonDto, given);
  const wrong = validateSync(dto).flatMap(({ property, constraints = {} }) =>
    Object.values(constraints).map(
      (why) => `${OPTIONS[property] ?? property} ${why.replace(`${property} `, '')}`,
    ),
  );
  if (wrong.length > 0) throw new HttpError('reason-required', wrong.join('; '));
  return { code: dto.code, text: dto.text, ...(dto.ticket === undefined ? {} : { ticket: dto.ticket }) };
}

const OPTIONS: Readonly<Record<string, string>> = {
  code: '--reason-code',
  text: '--reason',
  ticket: '--ticket',
};
