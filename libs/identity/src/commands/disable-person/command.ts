import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { person, personStream } from '../../domain/person/person.js';
import { Admins } from '../../admins.js';
import { People } from '../../people.js';
import type { Outcome } from '../outcome.js';

export class DisablePerson extends Command<Outcome> {
  constructor(
    readonly login: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(DisablePerson)
export class DisablePersonHandler implements ICommandHandler<DisablePerson> {
  constructor(
    private readonly people: People,
    private readonly admins: Admins,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ login, context }: DisablePerson): Promise<Outcome> {
    const { id } = await this.people.byLogin(login);
    return this.admins.whileCounted(id, context, async (otherAdmins) => {
      const command = { type: 'DisablePerson', person: id, otherAdmins, context } as const;
      const { cursor } = await this.streams.decideAndAppend(person, personStream(id), command);
      return { cursor };
    });
  }
}
