import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { Outcome } from '../outcome.js';

/** Say something beside the decision. */
export class CommentOnChange extends Command<Outcome> {
  constructor(
    readonly id: string,
    readonly text: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CommentOnChange)
export class CommentOnChangeHandler implements ICommandHandler<CommentOnChange> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ id, text, context }: CommentOnChange): Promise<Outcome> {
    const command = { type: 'CommentOnChange', text, context } as const;
    const { state, cursor } = await this.writer.decideAndAppend(
      changeRequest,
      changeRequestStream(id),
      command,
    );
    return { id, status: state.status, cursor };
  }
}
