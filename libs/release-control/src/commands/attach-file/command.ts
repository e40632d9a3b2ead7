import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { ATTACHMENT_LIMIT } from '../../attachments/attachment-limit.js';
import { AttachmentStore } from '../../attachments/attachment-store.js';
import { requireAttachable } from '../../domain/change-request/attachment.js';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { requireReason } from '../../domain/reason.js';
import type { Outcome } from '../outcome.js';

export interface GivenFile {
  readonly name: string;
  readonly mediaType: string;
  /** What it has to be, hex; undefined for whoever does not say. */
  readonly sha256: string | undefined;
  readonly content: AsyncIterable<Uint8Array>;
}

export interface Attached extends Outcome {
  readonly sha256: string;
  readonly size: number;
}

/** Add a file to a request. */
export class AttachFile extends Command<Attached> {
  constructor(
    readonly id: string,
    readonly file: GivenFile,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(AttachFile)
export class AttachFileHandler implements ICommandHandler<AttachFile> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    private readonly attachments: AttachmentStore,
    @Inject(ATTACHMENT_LIMIT) private readonly limit: number,
  ) {}

  /** The bytes before the event: one that is named is there. Who may not attach it is told before anything is taken, and before it is kept, since control cannot remove it. */
  async execute({ id, file, context }: AttachFile): Promise<Attached> {
    const stream = changeRequestStream(id);
    const { name, mediaType, sha256: expected, content } = file;
    requireReason(context);
    await this.requireMayAttach(stream, file, context);
    const wanted = expected === undefined ? {} : { sha256: expected };
    return this.attachments.putInTurn(content, this.limit, wanted, {
      of: stream,
      // A file may take a minute to come.
      mayBeKept: () => this.requireMayAttach(stream, file, context),
      named: async ({ sha256, sha3_384, size }) => {
        const { state, cursor } = await this.writer.decideAndAppend(changeRequest, stream, {
          type: 'AttachFile',
          file: { name, mediaType, size, attachment: sha256, sha3_384 },
          context,
        });
        return { id, status: state.status, cursor, sha256, size };
      },
    });
  }

  /** @throws StaleRevision; ReleaseControlError as {@link requireAttachable} */
  private async requireMayAttach(stream: string, file: GivenFile, context: CommandContext): Promise<void> {
    requireAttachable((await this.writer.load(changeRequest, stream)).state, file, context);
    await this.writer.requireMatch(changeRequest, stream, context);
  }
}
