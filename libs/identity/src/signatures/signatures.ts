import { Inject, Injectable } from '@nestjs/common';
import {
  recordDigest as digestOf,
  type Clock,
  type CommandContext,
  type ElectronicSignature,
  type JsonObject,
  type Reason,
  type ToBeSigned,
} from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import { Reauthentication } from '../credentials/reauthentication.js';
import type { KeyChallenge } from '../security-keys/security-keys.js';
import type { SignedWhat } from '../security-keys/statement.js';
import { personActor, type Session } from '../sessions/session.js';
import type { SignDto } from './sign.dto.js';

/** Makes electronic signatures; the only place where one is made, whatever is signed. */
@Injectable()
export class Signatures {
  constructor(
    private readonly reauthentication: Reauthentication,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws IdentityError when the components are not right, or not enough; a session alone signs nothing */
  async make<Meaning extends string>(
    what: ToBeSigned<Meaning>,
    { recordDigest, reason: typed, ...given }: SignDto,
    session: Session,
  ): Promise<{ readonly signature: ElectronicSignature<Meaning>; readonly context: CommandContext }> {
    const { meaning } = what;
    const signer = session.person.id;
    const reason = reasonOf(typed);
    const signed = signedWhat(what, recordDigest, reason);
    const proved = await this.reauthentication.forSignature(session, given, signed);
    const { evidence, signOn, printedName, at: signedAt, components, credential } = proved;
    const { secondCredential, resets, rules } = proved;
    const credentials = {
      credential,
      ...(secondCredential === undefined ? {} : { secondCredential }),
      ...(resets === 0 ? {} : { resets }),
      ...(evidence === null ? {} : { securityKey: { ...evidence, statement: { ...evidence.statement } } }),
      ...(signOn === null ? {} : { singleSignOn: { ...signOn } }),
    };
    return {
      signature: { meaning, signer, printedName, signedAt, components, ...credentials, rules, recordDigest },
      context: commandContext({
        session: { actor: personActor(session, proved) },
        reason,
        clock: this.clock,
      }),
    };
  }

  /** What a security key has to answer to, for {@link make}. @throws IdentityError `no-security-key`, `security-keys-unavailable` */
  challenge(session: Session, what: ToBeSigned, recordDigest: string, reason: Reason): Promise<KeyChallenge> {
    return this.reauthentication.challengeForSignature(session, signedWhat(what, recordDigest, reason));
  }
}

/** As the event will have it. */
function reasonOf({ code, text, ticket }: Reason): Reason {
  return { code, text, ...(ticket === undefined ? {} : { ticket }) };
}

/** What a security key's answer has to be about. */
function signedWhat(
  { meaning, recordKind, record }: ToBeSigned,
  recordDigest: string,
  reason: Reason,
): SignedWhat {
  const reasonDigest = digestOf(reasonOf(reason) as unknown as JsonObject);
  return { meaning, recordKind, record, recordDigest, reasonDigest };
}
