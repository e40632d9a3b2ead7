import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { SAME_PERSON_STREAM, samePerson } from '../../domain/same-person/same-person.js';
import { People } from '../../people.js';
import type { Outcome } from '../outcome.js';

export interface DeclaredSamePerson extends Outcome {
  /** False: it waits for a second person. */
  readonly inForce: boolean;
}

/** Ask for two accounts to count as one person's, or not to any more. */
export class DeclareSamePerson extends Command<DeclaredSamePerson> {
  constructor(
    readonly logins: readonly [string, string],
    readonly revoke: boolean,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(DeclareSamePerson)
export class DeclareSamePersonHandler implements ICommandHandler<DeclareSamePerson> {
  constructor(
    private readonly people: People,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ logins, revoke, context }: DeclareSamePerson): Promise<DeclaredSamePerson> {
    const type = revoke ? 'RequestSamePersonRevocation' : 'RequestSamePerson';
    const command = { type, accounts: await this.people.accounts(logins), context } as const;
    const { events, cursor } = await this.streams.decideAndAppend(samePerson, SAME_PERSON_STREAM, command);
    const inForce = events.some(
      (each) => each.type === 'SamePersonDeclared' || each.type === 'SamePersonRevoked',
    );
    return { inForce, cursor };
  }
}
