import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { person, personStream } from '../../domain/person/person.js';
import type { Outcome } from '../outcome.js';

export class RemoveSecondFactor extends Command<Outcome> {
  constructor(
    readonly person: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RemoveSecondFactor)
export class RemoveSecondFactorHandler implements ICommandHandler<RemoveSecondFactor> {
  constructor(@Inject(STREAM_WRITER) private readonly streams: StreamWriter) {}

  async execute({ person: id, context }: RemoveSecondFactor): Promise<Outcome> {
    const command = { type: 'RemoveSecondFactor', context } as const;
    const { cursor } = await this.streams.decideAndAppend(person, personStream(id), command);
    return { cursor };
  }
}
