import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { person, personStream } from '../../domain/person/person.js';
import { identityOfAnother } from '../../domain/sign-on-identity/sign-on-identity.js';
import { People } from '../../people.js';
import { SignOns } from '../../single-sign-on/sign-ons.js';
import type { Outcome } from '../outcome.js';

export class RequestSingleSignOn extends Command<Outcome> {
  constructor(
    readonly login: string,
    readonly subject: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RequestSingleSignOn)
export class RequestSingleSignOnHandler implements ICommandHandler<RequestSingleSignOn> {
  constructor(
    private readonly people: People,
    private readonly signOns: SignOns,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ login, subject, context }: RequestSingleSignOn): Promise<Outcome> {
    const identity = { ...this.signOns.naming(), subject };
    const { id } = await this.people.byLogin(login);
    const command = { type: 'RequestSingleSignOn', person: id, ...identity, context } as const;
    // Whose it is, is decided when it is accepted; that it is another's already can be told now.
    const holder = await this.signOns.holderOf(identity);
    if (holder !== null && holder !== id) throw identityOfAnother();
    const { cursor } = await this.streams.decideAndAppend(person, personStream(id), command);
    return { cursor };
  }
}
