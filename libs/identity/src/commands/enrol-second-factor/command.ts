import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { PasswordCheck } from '../../credentials/password-check.js';
import { person, personStream } from '../../domain/person/person.js';
import type { Session } from '../../sessions/session.js';
import type { Outcome } from '../outcome.js';

export class EnrolSecondFactor extends Command<Outcome> {
  constructor(
    readonly session: Session,
    readonly code: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(EnrolSecondFactor)
export class EnrolSecondFactorHandler implements ICommandHandler<EnrolSecondFactor> {
  constructor(
    private readonly passwords: PasswordCheck,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ session, code, context }: EnrolSecondFactor): Promise<Outcome> {
    const { id } = session.person;
    return this.passwords.whenOfferedCodeRight(id, code, async (use) => {
      const command = { type: 'EnrolSecondFactor', session: session.id, use, context } as const;
      const { cursor } = await this.streams.decideAndAppend(person, personStream(id), command);
      return { cursor };
    });
  }
}
