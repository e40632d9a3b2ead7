import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
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
  ) {}

  async execute({ login, context }: DisablePerson): Promise<Outcome> {
    const { id } = await this.people.byLogin(login);
    const { cursor } = await this.admins.remove({ type: 'DisablePerson', person: id, context });
    return { cursor };
  }
}
