import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { person, personStream } from '../../domain/person/person.js';
import { requireCurrent } from '../../domain/person/require-current.js';
import { People } from '../../people.js';
import { challengeDigestOf } from '../../security-keys/digests.js';
import { SecurityKeys } from '../../security-keys/security-keys.js';
import type { Session } from '../../sessions/session.js';
import type { Outcome } from '../outcome.js';

export interface OfferedKeyAnswer extends Outcome {
  readonly options: PublicKeyCredentialCreationOptionsJSON;
}

export class OfferSecurityKey extends Command<OfferedKeyAnswer> {
  constructor(
    readonly session: Session,
    readonly name: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(OfferSecurityKey)
export class OfferSecurityKeyHandler implements ICommandHandler<OfferSecurityKey> {
  constructor(
    private readonly people: People,
    private readonly keys: SecurityKeys,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({
    session: { id: session, person: self },
    name,
    context,
  }: OfferSecurityKey): Promise<OfferedKeyAnswer> {
    const { keys } = requireCurrent(await this.people.load(self.id), 'active');
    const options = await this.keys.registration(self, keys);
    const challengeDigest = challengeDigestOf(options.challenge);
    const command = { type: 'OfferSecurityKey', name, session, challengeDigest, context } as const;
    const { cursor } = await this.streams.decideAndAppend(person, personStream(self.id), command);
    return { options, cursor };
  }
}
