import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Role } from '../../domain/roles.js';
import { Admins } from '../../admins.js';
import { People } from '../../people.js';
import type { Outcome } from '../outcome.js';

export class RevokeRole extends Command<Outcome> {
  constructor(
    readonly login: string,
    readonly role: Role,
    /** Null: wherever. */
    readonly rings: readonly string[] | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RevokeRole)
export class RevokeRoleHandler implements ICommandHandler<RevokeRole> {
  constructor(
    private readonly people: People,
    private readonly admins: Admins,
  ) {}

  async execute({ login, role, rings, context }: RevokeRole): Promise<Outcome> {
    const { id } = await this.people.byLogin(login);
    const { cursor } = await this.admins.remove({ type: 'RevokeRole', person: id, role, rings, context });
    return { cursor };
  }
}
