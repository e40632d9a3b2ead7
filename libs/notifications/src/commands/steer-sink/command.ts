import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import { ProjectionProgress } from '#platform/at-least/projection-progress';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import type { SteerSink as Steered } from '../../domain/sinks/commands.js';
import { sinks, SINKS_STREAM } from '../../domain/sinks/sinks.js';
import { requirePosition } from '../require-position.js';

/** Remove a sink, pause it, or go on. */
export class SteerSink extends Command<Cursor | null> {
  constructor(
    readonly what: Steered['type'],
    readonly name: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SteerSink)
export class SteerSinkHandler implements ICommandHandler<SteerSink> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ what: type, name, context }: SteerSink): Promise<Cursor | null> {
    return (await this.writer.decideAndAppend(sinks, SINKS_STREAM, { type, name, context })).cursor;
  }
}

/** Send everything once more, from a position on. */
export class ReplaySink extends Command<Cursor | null> {
  constructor(
    readonly name: string,
    readonly from: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ReplaySink)
export class ReplaySinkHandler implements ICommandHandler<ReplaySink> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    private readonly progress: ProjectionProgress,
  ) {}

  async execute({ name, from, context }: ReplaySink): Promise<Cursor | null> {
    await requirePosition(this.progress, from);
    const command = { type: 'ReplaySink', name, from, context } as const;
    return (await this.writer.decideAndAppend(sinks, SINKS_STREAM, command)).cursor;
  }
}
