import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { person, personStream } from '../../domain/person/person.js';
import { IdentityReferences } from '../../identity-references/identity-references.js';
import { ReferenceDigests } from '../../identity-references/reference-digests.js';
import { People } from '../../people.js';
import type { Outcome } from '../outcome.js';

/** Say the same, as the second person. */
export class ConfirmIdentityReference extends Command<Outcome> {
  constructor(
    readonly login: string,
    readonly reference: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ConfirmIdentityReference)
export class ConfirmIdentityReferenceHandler implements ICommandHandler<ConfirmIdentityReference> {
  constructor(
    private readonly people: People,
    private readonly digests: ReferenceDigests,
    private readonly references: IdentityReferences,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ login, reference: said, context }: ConfirmIdentityReference): Promise<Outcome> {
    const { id, person: found } = await this.people.byLogin(login);
    const reference = this.digests.of(said);
    const asked = found.status === 'disabled' ? null : found.requestedReference;
    const requesterIsAdmin = asked !== null && (await this.people.isAdmin(asked.requestedBy.id));
    const about = { person: id, reference, requesterIsAdmin, context };
    const command = { type: 'ConfirmIdentityReference', ...about } as const;
    // What would be refused anyway claims nothing; who has which accounts is asked for again when it is appended.
    await this.streams.foresee(person, found, command);
    await this.streams.requireMatch(person, personStream(id), context);
    await this.references.claim(reference, id, context);
    const { cursor } = await this.streams.decideAndAppend(person, personStream(id), command);
    return { cursor };
  }
}
