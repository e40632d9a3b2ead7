import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { rings, RINGS_STREAM, type Rings } from '../../domain/rings/rings.js';

export interface CreatedRing {
  readonly rings: Rings;
  readonly cursor: Cursor | null;
}

/** A group of devices with a policy of its own. */
export class CreateRing extends Command<CreatedRing> {
  constructor(
    readonly ring: string,
    /** The ring that comes after it; undefined: it is the last. */
    readonly before: string | undefined,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CreateRing)
export class CreateRingHandler implements ICommandHandler<CreateRing> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ ring, before, context }: CreateRing): Promise<CreatedRing> {
    const command = { type: 'CreateRing', ring, before, context } as const;
    const { state, cursor } = await this.writer.decideAndAppend(rings, RINGS_STREAM, command);
    return { rings: state, cursor };
  }
}
