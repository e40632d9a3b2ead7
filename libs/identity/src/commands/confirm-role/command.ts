import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { person, personStream } from '../../domain/person/person.js';
import { heldAs, type Role } from '../../domain/roles.js';
import { People } from '../../people.js';
import { TrainingGate } from '../../training-gate.js';
import type { Outcome } from '../outcome.js';

export class ConfirmRole extends Command<Outcome> {
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

@CommandHandler(ConfirmRole)
export class ConfirmRoleHandler implements ICommandHandler<ConfirmRole> {
  constructor(
    private readonly people: People,
    private readonly training: TrainingGate,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ login, role, rings, context }: ConfirmRole): Promise<Outcome> {
    const { id, person: found } = await this.people.byLogin(login);
    await this.training.requireForGrant({ ...found, id }, heldAs(role, rings), context, 'confirmed');
    const pending = found.status === 'disabled' ? undefined : found.requestedRoles;
    const requesters = new Set(heldAs(role, rings).map((held) => pending?.get(held)?.requestedBy.id));
    const admins = await Promise.all(
      [...requesters].map(async (id) => id !== undefined && this.people.isAdmin(id)),
    );
    const requesterIsAdmin = admins.every((isAdmin) => isAdmin);
    const command = { type: 'ConfirmRole', person: id, role, rings, requesterIsAdmin, context } as const;
    const { cursor } = await this.streams.decideAndAppend(person, personStream(id), command);
    return { cursor };
  }
}
