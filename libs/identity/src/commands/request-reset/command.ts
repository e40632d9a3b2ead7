import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { uuidv7, type CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { ResetParts } from '../../credentials/reset-parts.js';
import { person, personStream } from '../../domain/person/person.js';
import { People } from '../../people.js';
import type { Outcome } from '../outcome.js';

export interface RequestedReset extends Outcome {
  /** Of the secret that the person will set a password with, once a second person has confirmed. */
  readonly firstPart: string;
}

export class RequestReset extends Command<RequestedReset> {
  constructor(
    readonly login: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RequestReset)
export class RequestResetHandler implements ICommandHandler<RequestReset> {
  constructor(
    private readonly people: People,
    private readonly parts: ResetParts,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ login, context }: RequestReset): Promise<RequestedReset> {
    const { id } = await this.people.byLogin(login);
    const request = uuidv7();
    const command = { type: 'RequestReset', person: id, request, context } as const;
    const { cursor } = await this.streams.decideAndAppend(person, personStream(id), command);
    return { firstPart: this.parts.of(id, request), cursor };
  }
}
