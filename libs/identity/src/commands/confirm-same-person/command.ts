import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { SAME_PERSON_STREAM, samePerson } from '../../domain/same-person/same-person.js';
import { pairOf, pending } from '../../domain/same-person/state.js';
import { People } from '../../people.js';
import type { Outcome } from '../outcome.js';

/** Say, as the second person, that two accounts are one person's, or that they are not. */
export class ConfirmSamePerson extends Command<Outcome> {
  constructor(
    readonly logins: readonly [string, string],
    readonly revoke: boolean,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ConfirmSamePerson)
export class ConfirmSamePersonHandler implements ICommandHandler<ConfirmSamePerson> {
  constructor(
    private readonly people: People,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ logins, revoke, context }: ConfirmSamePerson): Promise<Outcome> {
    const accounts = await this.people.accounts(logins);
    const { state } = await this.streams.load(samePerson, SAME_PERSON_STREAM);
    const requestedBy = pending(state, pairOf(accounts[0].id, accounts[1].id), revoke)?.requestedBy;
    const requesterIsAdmin = requestedBy !== undefined && (await this.people.isAdmin(requestedBy.id));
    const type = revoke ? 'ConfirmSamePersonRevocation' : 'ConfirmSamePerson';
    const command = { type, accounts, requesterIsAdmin, context } as const;
    const { cursor } = await this.streams.decideAndAppend(samePerson, SAME_PERSON_STREAM, command);
    return { cursor };
  }
}
