import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { node, nodeStream } from '../../domain/node/node.js';

/** Take nothing of a node any more. */
export class RetireNode extends Command<Cursor | null> {
  constructor(
    readonly name: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RetireNode)
export class RetireNodeHandler implements ICommandHandler<RetireNode> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ name, context }: RetireNode): Promise<Cursor | null> {
    const command = { type: 'RetireNode', name, context } as const;
    return (await this.writer.decideAndAppend(node, nodeStream(name), command)).cursor;
  }
}
