import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { token, tokenStream } from '../../domain/token/token.js';
import type { Outcome } from '../outcome.js';

export class RevokeToken extends Command<Outcome> {
  constructor(
    readonly id: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RevokeToken)
export class RevokeTokenHandler implements ICommandHandler<RevokeToken> {
  constructor(@Inject(STREAM_WRITER) private readonly streams: StreamWriter) {}

  async execute({ id, context }: RevokeToken): Promise<Outcome> {
    const command = { type: 'RevokeToken', context } as const;
    const { cursor } = await this.streams.decideAndAppend(token, tokenStream(id), command);
    return { cursor };
  }
}
