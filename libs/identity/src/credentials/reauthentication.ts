import { Inject, Injectable } from '@nestjs/common';
import { uuidv7, type Clock, type CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { currentRequestId } from '#platform/http/request-id';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { IdentityError } from '../domain/errors.js';
import type { SecondFactorUse } from '../domain/person/events.js';
import { requireNotLockedOut } from '../domain/person/lock-out.js';
import { requireYoungEnough } from '../domain/person/password-age.js';
import { person, personStream } from '../domain/person/person.js';
import { requireSession } from '../domain/person/require-session.js';
import { asksForCode, type ReauthenticationFor } from '../domain/person/second-factor.js';
import type { ActivePerson, Person } from '../domain/person/state.js';
import type { HeldRole } from '../domain/roles.js';
import { personActor, type Session } from '../sessions/session.js';
import { CREDENTIAL_RULES, type CredentialRules } from './credential-rules.js';
import { PasswordCheck, type GivenComponents, type RightComponents } from './password-check.js';

/**
 * Proof, for the command at hand and nothing else, that the person is there: what an electronic signature is made from (R22). All of it is of one state
 * of the person's stream, loaded after the components had been verified.
 */
export interface Reauthenticated {
  /** The id of the credential that was verified. */
  readonly credential: string;
  /** Of the second component, where its code was given. */
  readonly secondCredential?: string;
  readonly components: readonly ('password' | 'totp')[];
  readonly auth: 'password';
  readonly roles: readonly HeldRole[];
  /** How often the person had been reset. */
  readonly resets: number;
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
   * `password-aged`, `locked-out`, `credential-tampered`; `not-signed-in` where the session ended meanwhile
   */
  async forSignature(session: Session, given: GivenComponents): Promise<Reauthenticated> {
    const { secondComponent, signingPauseMinutes } = this.rules;
    const purpose = { what: 'signature', pauseMinutes: signingPauseMinutes } as const;
    return this.reauthenticate(session, given, purpose, ({ secondFactor }) => {
      if (secondComponent !== 'required' || secondFactor) return;
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
    check: (person: ActivePerson) => void,
  ): Promise<Reauthenticated> {
    const { id } = session.person;
    const asks = (found: ActivePerson) => asksForCode(found, session.id, purpose, this.clock.now());
    const { state, secondFactor, at } = await this.passwords.whenRight(id, given, asks, (right) => {
      check(right.person);
      return this.decided(session, purpose, right);
    });
    const { person: proved } = requireSession(state, session.id, at);
    // Wrong guesses before this one may have filled the measure.
    requireNotLockedOut(proved, at);
    check(proved);
    return {
      credential: proved.password.id,
      ...(secondFactor ? { secondCredential: secondFactor.credential } : {}),
      components: secondFactor ? ['password', 'totp'] : ['password'],
      auth: 'password',
      roles: proved.roles,
      resets: proved.resets,
      printedName: proved.name,
      at,
    };
  }

  /** On the stream, for who has one component too: what was loaded before the verifying may be the past by now. */
  private async decided(
    session: Session,
    purpose: ReauthenticationFor,
    { id, person: found, secondFactor, failuresBefore }: RightComponents,
  ): Promise<{
    readonly state: Person;
    readonly secondFactor: SecondFactorUse | null;
    readonly at: string;
  }> {
    const at = this.clock.now();
    requireYoungEnough(found, this.rules.passwordDays, at);
    const context = reauthenticationContext(session, found, purpose, at);
    const proof = { session: session.id, purpose, password: found.password.id, secondFactor, failuresBefore };
    const command = { type: 'Reauthenticate', ...proof, context } as const;
    const { state } = await this.streams.decideAndAppend(person, personStream(id), command);
    return { state, secondFactor, at };
  }
}

function reauthenticationContext(
  session: Session,
  { roles }: ActivePerson,
  { what }: ReauthenticationFor,
  at: string,
): CommandContext {
  const text = what === 'signature' ? 'proved who signs' : 'proved whose credentials these are';
  return {
    at,
    actor: personActor(session, { auth: 'password', roles }),
    reason: { code: 'reauthentication', text },
    cause: uuidv7(),
    correlation: currentRequestId(),
    authorisedBy: [],
  };
}
