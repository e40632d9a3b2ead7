import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { person, personStream } from '../../domain/person/person.js';
import type { Session } from '../../sessions/session.js';
import type { Outcome } from '../outcome.js';

export class RemoveSecurityKey extends Command<Outcome> {
  constructor(
    readonly session: Session,
    readonly key: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RemoveSecurityKey)
export class RemoveSecurityKeyHandler implements ICommandHandler<RemoveSecurityKey> {
  constructor(@Inject(STREAM_WRITER) private readonly streams: StreamWriter) {}

  async execute({ session, key, context }: RemoveSecurityKey): Promise<Outcome> {
    const command = { type: 'RemoveSecurityKey', session: session.id, key, context } as const;
    const stream = personStream(session.person.id);
    const { cursor } = await this.streams.decideAndAppend(person, stream, command);
    return { cursor };
  }
}
