import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { commissioning, SITE_STREAM } from '../../domain/commissioning/commissioning.js';
import type { Outcome } from '../outcome.js';

export class CloseCommissioning extends Command<Outcome> {
  constructor(readonly context: CommandContext) {
    super();
  }
}

@CommandHandler(CloseCommissioning)
export class CloseCommissioningHandler implements ICommandHandler<CloseCommissioning> {
  constructor(@Inject(STREAM_WRITER) private readonly streams: StreamWriter) {}

  async execute({ context }: CloseCommissioning): Promise<Outcome> {
    const command = { type: 'CloseCommissioning', context } as const;
    const { cursor } = await this.streams.decideAndAppend(commissioning, SITE_STREAM, command);
    return { cursor };
  }
}
