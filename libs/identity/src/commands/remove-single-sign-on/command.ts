import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { person, personStream } from '../../domain/person/person.js';
import { People } from '../../people.js';
import type { Outcome } from '../outcome.js';

export class RemoveSingleSignOn extends Command<Outcome> {
  constructor(
    readonly login: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RemoveSingleSignOn)
export class RemoveSingleSignOnHandler implements ICommandHandler<RemoveSingleSignOn> {
  constructor(
    private readonly people: People,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ login, context }: RemoveSingleSignOn): Promise<Outcome> {
    const { id } = await this.people.byLogin(login);
    const command = { type: 'RemoveSingleSignOn', person: id, context } as const;
    const { cursor } = await this.streams.decideAndAppend(person, personStream(id), command);
    return { cursor };
  }
}
