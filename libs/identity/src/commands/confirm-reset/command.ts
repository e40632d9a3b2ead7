import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { CredentialStore } from '../../credentials/credential-store.js';
import { issueEnrolmentSecret } from '../../credentials/enrolment-secret.js';
import { ResetParts } from '../../credentials/reset-parts.js';
import { person, personStream } from '../../domain/person/person.js';
import { noResetRequested } from '../../domain/person/reset.js';
import { People } from '../../people.js';
import type { Outcome } from '../outcome.js';

/** A day: the person waits for it. */
const SECRET_HOURS = 24;

export interface ConfirmedReset extends Outcome {
  readonly secondPart: string;
  readonly expiresAt: string;
}

export class ConfirmReset extends Command<ConfirmedReset> {
  constructor(
    readonly login: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ConfirmReset)
export class ConfirmResetHandler implements ICommandHandler<ConfirmReset> {
  constructor(
    private readonly people: People,
    private readonly rows: CredentialStore,
    private readonly parts: ResetParts,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ login, context }: ConfirmReset): Promise<ConfirmedReset> {
    const { id, person: found } = await this.people.byLogin(login);
    const pending = found.status === 'disabled' ? null : found.reset;
    if (!pending) throw noResetRequested(found.name);
    const { request, requestedBy } = pending;
    const requesterIsAdmin = await this.people.isAdmin(requestedBy.id);
    const part = this.parts.of(id, request);
    const { secret, credential } = await issueEnrolmentSecret(this.rows, id, context.at, SECRET_HOURS, part);
    const command = { person: id, request, requesterIsAdmin, credential, context };
    const { cursor } = await this.streams.decideAndAppend(person, personStream(id), {
      type: 'ConfirmReset',
      ...command,
    });
    return { secondPart: secret, expiresAt: credential.expiresAt, cursor };
  }
}
