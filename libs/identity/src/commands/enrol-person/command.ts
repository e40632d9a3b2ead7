import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { CredentialStore } from '../../credentials/credential-store.js';
import type { Role } from '../../domain/roles.js';
import { enrol, type Enrolled } from './enrol.js';

/** A week: the person may be away when they are enrolled. */
const SECRET_HOURS = 7 * 24;

export class EnrolPerson extends Command<Enrolled> {
  constructor(
    readonly login: string,
    readonly name: string,
    readonly roles: readonly Role[],
    readonly verification: string | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(EnrolPerson)
export class EnrolPersonHandler implements ICommandHandler<EnrolPerson> {
  constructor(
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    private readonly rows: CredentialStore,
  ) {}

  async execute({ login, name, roles, verification, context }: EnrolPerson): Promise<Enrolled> {
    const person = { login, name, roles, verification, firstAdmin: false, hours: SECRET_HOURS };
    return enrol(this.streams, this.rows, person, context);
  }
}
