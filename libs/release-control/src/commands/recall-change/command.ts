import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { Outcome } from '../outcome.js';

/** Stop what is approved, before it is in force; of a plan, in the rings that do not have it yet. */
export class RecallChange extends Command<Outcome> {
  constructor(
    readonly id: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RecallChange)
export class RecallChangeHandler implements ICommandHandler<RecallChange> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ id, context }: RecallChange): Promise<Outcome> {
    const stream = changeRequestStream(id);
    const { state: before } = await this.writer.load(changeRequest, stream);
    const { state, cursor } = await this.writer.decideAndAppend(changeRequest, stream, {
      type: before.status === 'rolling-out' ? 'RecallStages' : 'RecallChange',
      context,
    });
    return { id, status: state.status, cursor };
  }
}
