import { Inject, Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import type { Clock, CommandContext } from '#kernel';
import { personActor, Reauthentication, ReauthenticationBody, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import type { ElectronicSignature } from '../domain/signature.js';

/** The body of a decision: the digest of the record that the signer read, and the signer's components, asked for again. */
export class SignDto extends ReauthenticationBody {
  @ApiProperty({ description: 'SHA-256, hex, of the record that was read', pattern: '^[0-9a-f]{64}$' })
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
    { recordDigest, password, code, reason }: SignDto,
    session: Session,
  ): Promise<{ readonly signature: ElectronicSignature; readonly context: CommandContext }> {
    const signer = session.person.id;
    const proved = await this.reauthentication.forSignature(session, { password, code });
    const { printedName, at: signedAt, components, credential, secondCredential, resets } = proved;
    const credentials = {
      credential,
      ...(secondCredential === undefined ? {} : { secondCredential }),
      ...(resets === 0 ? {} : { resets }),
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
