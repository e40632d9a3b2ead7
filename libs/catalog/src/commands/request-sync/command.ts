import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { uuidv7, type CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { sync, syncStream } from '../../domain/sync/sync.js';

/** A sync that was asked for. */
export interface RequestedSync {
  readonly id: string;
  readonly cursor: Cursor | null;
}

/** Have watched snaps looked at upstream now: these, or all of them. The worker answers. */
export class RequestSync extends Command<RequestedSync> {
  constructor(
    readonly snaps: readonly string[] | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RequestSync)
export class RequestSyncHandler implements ICommandHandler<RequestSync> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ snaps, context }: RequestSync): Promise<RequestedSync> {
    const id = uuidv7();
    const command = { type: 'RequestSync', snaps, context } as const;
    const { cursor } = await this.writer.decideAndAppend(sync, syncStream(id), command);
    return { id, cursor };
  }
}
