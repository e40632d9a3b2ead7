import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Cursor } from '#event-store/port';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { RECORD_COPIES_STREAM, recordCopies, type About, type Copied } from '../../domain/record-copies.js';

/** A paper or a bundle that a client makes of the record: it says so before it writes the first byte. */
export class NoteCopy extends Command<{ readonly cursor: Cursor | null }> {
  constructor(
    readonly copied: Exclude<Copied, { of?: undefined }>,
    /** Of what a paper is. */
    readonly about: About,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(NoteCopy)
export class NoteCopyHandler implements ICommandHandler<NoteCopy> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
  ) {}

  async execute({ copied, about: filter, context }: NoteCopy): Promise<{ readonly cursor: Cursor | null }> {
    const [head] = await this.readModels.query<{ last: string | null }>(
      'select max(position)::text as last from read.audit_trail_v1',
    );
    const through = head?.last ?? null;
    const { cursor } = await this.writer.decideAndAppend(recordCopies, RECORD_COPIES_STREAM, {
      type: 'CopyRecord',
      ...copied,
      filter,
      through,
      context,
    });
    return { cursor };
  }
}
