import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { WATCH_LIST_STREAM, watchList } from '../../domain/watch-list/watch-list.js';

/** Take a snap off the list of those that are looked at upstream. */
export class UnwatchSnap extends Command<Cursor | null> {
  constructor(
    readonly name: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(UnwatchSnap)
export class UnwatchSnapHandler implements ICommandHandler<UnwatchSnap> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ name, context }: UnwatchSnap): Promise<Cursor | null> {
    const command = { type: 'UnwatchSnap', name, context } as const;
    return (await this.writer.decideAndAppend(watchList, WATCH_LIST_STREAM, command)).cursor;
  }
}
