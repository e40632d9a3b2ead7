import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { Admins } from '../../admins.js';
import { CredentialStore } from '../../credentials/credential-store.js';
import { issueEnrolmentSecret } from '../../credentials/enrolment-secret.js';
import { ResetParts } from '../../credentials/reset-parts.js';
import { noRecoveryRequested } from '../../domain/person/admin-recovery.js';
import { person, personStream } from '../../domain/person/person.js';
import { People } from '../../people.js';
import type { ConfirmedReset } from '../confirm-reset/command.js';

/** A day: the person waits for it. */
const SECRET_HOURS = 24;

export class ConfirmAdminRecovery extends Command<ConfirmedReset> {
  constructor(
    readonly login: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ConfirmAdminRecovery)
export class ConfirmAdminRecoveryHandler implements ICommandHandler<ConfirmAdminRecovery> {
  constructor(
    private readonly people: People,
    private readonly admins: Admins,
    private readonly rows: CredentialStore,
    private readonly parts: ResetParts,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ login, context }: ConfirmAdminRecovery): Promise<ConfirmedReset> {
    const { id, person: found } = await this.people.byLogin(login);
    const pending = found.status === 'disabled' ? null : found.recovery;
    if (!pending) throw noRecoveryRequested(found.name);
    const { request, requestedBy, at } = pending;
    const requesterIsActive = (await this.people.load(requestedBy.id)).status === 'active';
    const adminsWhoAct = await this.admins.whoActSince(at);
    const part = this.parts.of(id, request);
    const { secret, credential } = await issueEnrolmentSecret(this.rows, id, context.at, SECRET_HOURS, part);
    const command = { person: id, request, credential, requesterIsActive, adminsWhoAct, context };
    const { cursor } = await this.streams.decideAndAppend(person, personStream(id), {
      type: 'ConfirmAdminRecovery',
      ...command,
    });
    return { secondPart: secret, expiresAt: credential.expiresAt, cursor };
  }
}
