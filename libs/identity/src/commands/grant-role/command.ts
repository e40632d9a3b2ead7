import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import { requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { person, personStream } from '../../domain/person/person.js';
import { heldAs, type Role } from '../../domain/roles.js';
import { People } from '../../people.js';
import { TrainingGate } from '../../training-gate.js';
import type { Outcome } from '../outcome.js';

export interface GrantedOrAsked extends Outcome {
  /** False: it takes two people, and waits for the second one. */
  readonly granted: boolean;
}

export class GrantRole extends Command<GrantedOrAsked> {
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

@CommandHandler(GrantRole)
export class GrantRoleHandler implements ICommandHandler<GrantRole> {
  constructor(
    private readonly people: People,
    private readonly training: TrainingGate,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ login, role, rings, context }: GrantRole): Promise<GrantedOrAsked> {
    const { id, person: found } = await this.people.byLogin(login);
    await this.training.requireForGrant({ ...found, id }, heldAs(role, rings), context, 'asked');
    for (const ring of rings ?? []) await requireKnownRing(this.streams, ring);
    const command = { type: 'GrantRole', person: id, role, rings, context } as const;
    const { cursor, events } = await this.streams.decideAndAppend(person, personStream(id), command);
    return { cursor, granted: events.some(({ type }) => type === 'RoleGranted') };
  }
}
