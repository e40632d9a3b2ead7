import { Inject, Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import {
  recordDigest as digestOf,
  type Clock,
  type CommandContext,
  type JsonObject,
  type Reason,
} from '#kernel';
import {
  personActor,
  Reauthentication,
  SigningBody,
  type Session,
  type SignedWhat,
} from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import { recordKindOf, type ElectronicSignature } from '../domain/signature.js';

/** The body of a decision: the digest of the record that the signer read, and the signer's components, asked for again. */
export class SignDto extends SigningBody {
  @ApiProperty({
    description: 'SHA-256, hex, of the record that was read; to ratify, of the release',
    pattern: '^[0-9a-f]{64}$',
  })
  @IsString()
  @Matches(/^[0-9a-f]{64}$/, { message: 'must be a SHA-256: 64 small hex digits' })
  recordDigest!: string;
}

/** Makes electronic signatures; the only place where one is made. */
@Injectable()
export class Signing {
  constructor(
    private readonly reauthentication: Reauthentication,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws IdentityError when the components are not right, or not enough; a session alone signs nothing */
  async sign(
    meaning: ElectronicSignature['meaning'],
    record: string,
    { recordDigest, reason: typed, ...given }: SignDto,
    session: Session,
  ): Promise<{ readonly signature: ElectronicSignature; readonly context: CommandContext }> {
    const signer = session.person.id;
    const reason = reasonOf(typed);
    const what = signedWhat(meaning, record, recordDigest, reason);
    const proved = await this.reauthentication.forSignature(session, given, what);
    const { evidence, printedName, at: signedAt, components, credential, secondCredential, resets } = proved;
    const credentials = {
      credential,
      ...(secondCredential === undefined ? {} : { secondCredential }),
      ...(resets === 0 ? {} : { resets }),
      ...(evidence === null ? {} : { securityKey: { ...evidence, statement: { ...evidence.statement } } }),
    };
    return {
      signature: { meaning, signer, printedName, signedAt, components, ...credentials, recordDigest },
      context: commandContext({
        session: { actor: personActor(session, proved) },
        reason,
        clock: this.clock,
      }),
    };
  }
}

/** As the event will have it. */
function reasonOf({ code, text, ticket }: Reason): Reason {
  return { code, text, ...(ticket === undefined ? {} : { ticket }) };
}

/** What a security key's answer has to be about. */
export function signedWhat(
  meaning: ElectronicSignature['meaning'],
  record: string,
  recordDigest: string,
  reason: Reason,
): SignedWhat {
  const reasonDigest = digestOf(reasonOf(reason) as unknown as JsonObject);
  return { meaning, recordKind: recordKindOf(meaning), record, recordDigest, reasonDigest };
}
