import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { Outcome } from '../outcome.js';

/** Take a request back, as its author, before it is decided on. */
export class WithdrawChange extends Command<Outcome> {
  constructor(
    readonly id: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(WithdrawChange)
export class WithdrawChangeHandler implements ICommandHandler<WithdrawChange> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ id, context }: WithdrawChange): Promise<Outcome> {
    const command = { type: 'WithdrawChange', context } as const;
    const { state, cursor } = await this.writer.decideAndAppend(
      changeRequest,
      changeRequestStream(id),
      command,
    );
    return { id, status: state.status, cursor };
  }
}
