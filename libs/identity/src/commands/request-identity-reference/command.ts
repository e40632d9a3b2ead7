import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { requireAdmin, requireReason } from '../../domain/authority.js';
import { person, personStream } from '../../domain/person/person.js';
import { IdentityReferences } from '../../identity-references/identity-references.js';
import { ReferenceDigests } from '../../identity-references/reference-digests.js';
import { People } from '../../people.js';
import type { Outcome } from '../outcome.js';

export interface RequestedReference extends Outcome {
  /** False: it waits for a second person. */
  readonly recorded: boolean;
}

/** Say by what the site knows somebody who is enrolled already. */
export class RequestIdentityReference extends Command<RequestedReference> {
  constructor(
    readonly login: string,
    readonly reference: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RequestIdentityReference)
export class RequestIdentityReferenceHandler implements ICommandHandler<RequestIdentityReference> {
  constructor(
    private readonly people: People,
    private readonly digests: ReferenceDigests,
    private readonly references: IdentityReferences,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ login, reference: said, context }: RequestIdentityReference): Promise<RequestedReference> {
    // The decider asks this again; here it keeps others from learning who has which.
    requireReason(context);
    requireAdmin(context);
    const { id, person: found } = await this.people.byLogin(login);
    const reference = this.digests.of(said);
    const command = { type: 'RequestIdentityReference', person: id, reference, context } as const;
    await this.references.requireFree(reference, id);
    // While the site is set up it is recorded at once, and so claimed before.
    const decided = await this.streams.foresee(person, found, command);
    if (decided.some(({ type }) => type === 'IdentityReferenceRecorded')) {
      await this.streams.requireMatch(person, personStream(id), context);
      await this.references.claim(reference, id, context);
    }
    const { events, cursor } = await this.streams.decideAndAppend(person, personStream(id), command);
    return { recorded: events.some(({ type }) => type === 'IdentityReferenceRecorded'), cursor };
  }
}
