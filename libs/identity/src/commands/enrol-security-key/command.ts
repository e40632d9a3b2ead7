import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { person, personStream } from '../../domain/person/person.js';
import { requireSession } from '../../domain/person/require-session.js';
import { claimedByAnother, securityKey, securityKeyStream } from '../../domain/security-key/security-key.js';
import { credentialDigestOf } from '../../security-keys/digests.js';
import { offeredKey } from '../../domain/person/security-keys.js';
import { People } from '../../people.js';
import { SecurityKeys } from '../../security-keys/security-keys.js';
import type { Session } from '../../sessions/session.js';
import type { Outcome } from '../outcome.js';

export interface EnrolledKey extends Outcome {
  readonly id: string;
}

export class EnrolSecurityKey extends Command<EnrolledKey> {
  constructor(
    readonly session: Session,
    readonly response: RegistrationResponseJSON,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(EnrolSecurityKey)
export class EnrolSecurityKeyHandler implements ICommandHandler<EnrolSecurityKey> {
  constructor(
    private readonly people: People,
    private readonly keys: SecurityKeys,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ session, response, context }: EnrolSecurityKey): Promise<EnrolledKey> {
    const { id } = session.person;
    const { person: found } = requireSession(await this.people.load(id), session.id, context.at);
    const { challengeDigest } = offeredKey(found, session.id, context.at);
    const key = await this.keys.registered(response, challengeDigest);
    await this.streams.requireMatch(person, personStream(id), context);
    await this.claim(key.credentialId, id, context);
    const command = { type: 'EnrolSecurityKey', session: session.id, challengeDigest, key, context } as const;
    const { cursor } = await this.streams.decideAndAppend(person, personStream(id), command);
    return { id: key.id, cursor };
  }

  /** Before anything else is decided: whose the key is stands, also where its person comes no further. */
  private async claim(credentialId: string, person: string, context: CommandContext): Promise<void> {
    const credential = credentialDigestOf(credentialId);
    const stream = securityKeyStream(credential);
    const command = { credential, person, context };
    const { state } = await this.streams.reserve(securityKey, stream, command);
    if (state.person !== person) throw claimedByAnother();
  }
}
