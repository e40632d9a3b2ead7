import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { later, uuidv7, type CommandContext, type Reason } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import type { TokenScope } from '../../domain/token/events.js';
import { token, tokenStream } from '../../domain/token/token.js';
import { ApiTokens } from '../../tokens/api-tokens.js';
import type { Outcome } from '../outcome.js';

export interface IssuedAnswer extends Outcome {
  readonly id: string;
  /** The token itself. Shown this once, and kept nowhere. */
  readonly token: string;
  readonly expiresAt: string;
}

export class IssueToken extends Command<IssuedAnswer> {
  constructor(
    /** How often the owner, who gives the command, had been reset when their password was right. */
    readonly ownerResets: number,
    readonly name: string,
    readonly standingReason: Reason,
    readonly scope: TokenScope,
    readonly days: number,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(IssueToken)
export class IssueTokenHandler implements ICommandHandler<IssueToken> {
  constructor(
    private readonly texts: ApiTokens,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute(asked: IssueToken): Promise<IssuedAnswer> {
    const { ownerResets, name, standingReason, scope, days, context } = asked;
    const id = uuidv7();
    const { text, secretDigest } = this.texts.make(id);
    const expiresAt = later(context.at, days * 86_400_000);
    const what = { name, standingReason, scope, expiresAt, secretDigest, ownerResets };
    const command = { type: 'IssueToken', ...what, context } as const;
    const { cursor } = await this.streams.decideAndAppend(token, tokenStream(id), command);
    return { id, token: text, expiresAt, cursor };
  }
}
