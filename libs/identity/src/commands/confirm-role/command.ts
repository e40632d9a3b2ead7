import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { person, personStream } from '../../domain/person/person.js';
import type { Role } from '../../domain/roles.js';
import { People } from '../../people.js';
import type { Outcome } from '../outcome.js';

export class ConfirmRole extends Command<Outcome> {
  constructor(
    readonly login: string,
    readonly role: Role,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ConfirmRole)
export class ConfirmRoleHandler implements ICommandHandler<ConfirmRole> {
  constructor(
    private readonly people: People,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ login, role, context }: ConfirmRole): Promise<Outcome> {
    const { id, person: found } = await this.people.byLogin(login);
    const pending = found.status === 'disabled' ? undefined : found.requestedRoles.get(role);
    const requesterIsAdmin = pending !== undefined && (await this.people.isAdmin(pending.requestedBy.id));
    const command = { type: 'ConfirmRole', person: id, role, requesterIsAdmin, context } as const;
    const { cursor } = await this.streams.decideAndAppend(person, personStream(id), command);
    return { cursor };
  }
}
