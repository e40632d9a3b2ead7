import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { person, personStream } from '../../domain/person/person.js';

export class SignOut extends Command<void> {
  constructor(
    readonly person: string,
    readonly session: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SignOut)
export class SignOutHandler implements ICommandHandler<SignOut> {
  constructor(@Inject(STREAM_WRITER) private readonly streams: StreamWriter) {}

  async execute({ person: id, session, context }: SignOut): Promise<void> {
    await this.streams.decideAndAppend(person, personStream(id), { type: 'SignOut', session, context });
  }
}
