import { Inject, Injectable } from '@nestjs/common';
import { uuidv7, type Clock, type CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { currentRequestId } from '#platform/http/request-id';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { IdentityError } from '../domain/errors.js';
import { person, personStream } from '../domain/person/person.js';
import { requireYoungEnough } from '../domain/person/password-age.js';
import { asksForCode, type ReauthenticationFor } from '../domain/person/second-factor.js';
import { personActor, type Session } from '../sessions/session.js';
import { CREDENTIAL_RULES, type CredentialRules } from './credential-rules.js';
import { PasswordCheck, type GivenComponents, type RightComponents } from './password-check.js';

/** Proof, for the command at hand and nothing else, that the person is there: what an electronic signature is made from (R22). */
export interface Reauthenticated {
  /** The id of the credential that was verified. */
  readonly credential: string;
  /** Of the second component, where its code was given. */
  readonly secondCredential?: string;
  readonly components: readonly ('password' | 'totp')[];
  readonly auth: 'password';
  /** The person's name as it is printed with the signature. */
  readonly printedName: string;
  /** When it was verified, by our clock. RFC 3339, UTC. */
  readonly at: string;
}

/** Asks anew who it is. Wrong passwords and codes count as at sign-in, and lock out as there. */
@Injectable()
export class Reauthentication {
  constructor(
    private readonly passwords: PasswordCheck,
    @Inject(CREDENTIAL_RULES) private readonly rules: CredentialRules,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * For a signature: both components of who has two, the password alone within a period of signing; as the site's rules say.
   * @throws IdentityError `wrong-password`, `wrong-code`, `second-component-required`, `second-component-missing`, `no-second-component`,
   * `password-aged`, `locked-out`, `credential-tampered`
   */
  async forSignature(session: Session, given: GivenComponents): Promise<Reauthenticated> {
    const { secondComponent, signingPauseMinutes } = this.rules;
    const purpose = { what: 'signature', pauseMinutes: signingPauseMinutes } as const;
    return this.reauthenticate(session, given, purpose, (right) => {
      if (secondComponent !== 'required' || right.person.secondFactor) return;
      throw new IdentityError(
        'second-component-missing',
        'this site asks every signer for a second component, and you have none: "holdfast second-component enrol" enrols one',
      );
    });
  }

  /** For what concerns credentials: every component that the person has, each time. @throws IdentityError as for a signature */
  async forCredentials(session: Session, given: GivenComponents): Promise<Reauthenticated> {
    return this.reauthenticate(session, given, { what: 'credentials' }, () => undefined);
  }

  private async reauthenticate(
    session: Session,
    given: GivenComponents,
    purpose: ReauthenticationFor,
    check: (right: RightComponents) => void,
  ): Promise<Reauthenticated> {
    const { id } = session.person;
    const at = this.clock.now();
    const asks = (found: RightComponents['person']) => asksForCode(found, session.id, purpose, at);
    return this.passwords.whenRight(id, given, asks, async (right) => {
      check(right);
      requireYoungEnough(right.person, this.rules.passwordDays, at);
      const { person: found, secondFactor, failuresBefore } = right;
      if (found.secondFactor === null) await this.passwords.record(id, failuresBefore, true);
      else {
        const context = reauthenticationContext(session, purpose, at);
        const command = { purpose, session: session.id, secondFactor, failuresBefore, context };
        await this.streams.decideAndAppend(person, personStream(id), { type: 'Reauthenticate', ...command });
      }
      return {
        credential: found.password.id,
        ...(secondFactor ? { secondCredential: secondFactor.credential } : {}),
        components: secondFactor ? ['password', 'totp'] : ['password'],
        auth: 'password',
        printedName: found.name,
        at,
      };
    });
  }
}

function reauthenticationContext(
  session: Session,
  { what }: ReauthenticationFor,
  at: string,
): CommandContext {
  const text = what === 'signature' ? 'proved who signs' : 'proved whose credentials these are';
  return {
    at,
    actor: personActor(session, 'password'),
    reason: { code: 'reauthentication', text },
    cause: uuidv7(),
    correlation: currentRequestId(),
    authorisedBy: [],
  };
}
