import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { ISSUER } from '../../credentials/credential-rules.js';
import { Credentials } from '../../credentials/credentials.js';
import { base32, otpauthUri } from '../../credentials/totp.js';
import { person, personStream } from '../../domain/person/person.js';
import type { SignedInPerson } from '../../sessions/session.js';
import type { Outcome } from '../outcome.js';

export interface OfferedSecret extends Outcome {
  /** Base32, for typing it in. Shown this once. */
  readonly secret: string;
  /** The same for the app to read. */
  readonly otpauthUri: string;
}

export class OfferSecondFactor extends Command<OfferedSecret> {
  constructor(
    readonly person: SignedInPerson,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(OfferSecondFactor)
export class OfferSecondFactorHandler implements ICommandHandler<OfferSecondFactor> {
  constructor(
    private readonly credentials: Credentials,
    @Inject(ISSUER) private readonly issuer: string,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ person: { id, login }, context }: OfferSecondFactor): Promise<OfferedSecret> {
    const { secret, credential } = await this.credentials.makeTotp(id);
    const command = { type: 'OfferSecondFactor', credential, context } as const;
    const { cursor } = await this.streams.decideAndAppend(person, personStream(id), command);
    return { secret: base32(secret), otpauthUri: otpauthUri(secret, { issuer: this.issuer, login }), cursor };
  }
}
