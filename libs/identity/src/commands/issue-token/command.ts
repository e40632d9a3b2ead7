import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { uuidv7, type CommandContext, type Reason } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import type { TokenScope } from '../../domain/token/events.js';
import { token, tokenStream } from '../../domain/token/token.js';
import { People } from '../../people.js';
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
    readonly owner: string,
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
    private readonly people: People,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ owner, name, standingReason, scope, days, context }: IssueToken): Promise<IssuedAnswer> {
    const person = await this.people.load(owner);
    const ownerResets = person.status === 'unknown' ? 0 : person.resets;
    const id = uuidv7();
    const { text, secretDigest } = this.texts.make(id);
    const expiresAt = new Date(Date.parse(context.at) + days * 86_400_000).toISOString();
    const what = { name, standingReason, scope, expiresAt, secretDigest, ownerResets };
    const command = { type: 'IssueToken', ...what, context } as const;
    const { cursor } = await this.streams.decideAndAppend(token, tokenStream(id), command);
    return { id, token: text, expiresAt, cursor };
  }
}
