import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { Outcome } from '../outcome.js';

/** Say, as QA, that the record of a verified change is complete. */
export class CloseChange extends Command<Outcome> {
  constructor(
    readonly id: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CloseChange)
export class CloseChangeHandler implements ICommandHandler<CloseChange> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ id, context }: CloseChange): Promise<Outcome> {
    const command = { type: 'CloseChange', context } as const;
    const { state, cursor } = await this.writer.decideAndAppend(
      changeRequest,
      changeRequestStream(id),
      command,
    );
    return { id, status: state.status, cursor };
  }
}
