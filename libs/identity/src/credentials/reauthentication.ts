import { Inject, Injectable } from '@nestjs/common';
import { uuidv7, type Clock, type CommandContext, type SigningRules, type SignOnEvidence } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { refuseToProveAgain } from '#platform/given-command';
import { currentRequestId } from '#platform/http/request-id';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { requireNotLockedOut } from '../domain/person/lock-out.js';
import { requireYoungEnough } from '../domain/person/password-age.js';
import { person, personStream } from '../domain/person/person.js';
import { requireSession } from '../domain/person/require-session.js';
import { rolesNow } from '../domain/person/roles-now.js';
import { refusedSignOn, signOnAsksForBoth, signOnGiven } from '../domain/person/single-sign-on.js';
import {
  asksForBoth,
  hasSecondComponent,
  requireSecondComponent,
  type ReauthenticationFor,
} from '../domain/person/second-factor.js';
import type { ActivePerson, Person } from '../domain/person/state.js';
import type { HeldRole } from '../domain/roles.js';
import type { KeyEvidence } from '../security-keys/key-answer.js';
import { SecurityKeys, type KeyChallenge } from '../security-keys/security-keys.js';
import type { KeyPurpose, SignedWhat } from '../security-keys/statement.js';
import { People } from '../people.js';
import { TrainingGate } from '../training-gate.js';
import { personActor, type Session } from '../sessions/session.js';
import { SignOns } from '../single-sign-on/sign-ons.js';
import { CREDENTIAL_RULES, type CredentialRules, type ReadCredentialRules } from './credential-rules.js';
import { signingRulesOf } from './signing-rules.js';
import { authOf, evidenceOf, provedWith, type ProvedWith } from './proved-with.js';
import type { GivenComponents, RightComponents } from './components.js';
import { PasswordCheck } from './password-check.js';
import { givenComponents, type TypedComponents } from './typed-components.js';

/**
 * Proof, for the command at hand and nothing else, that the person is there: what an electronic signature is made from (R22). All of it is of one state
 * of the person's stream, loaded after the components had been verified.
 */
export interface Reauthenticated extends ProvedWith {
  /** What a security key answered, where one was asked. */
  readonly evidence: KeyEvidence | null;
  /** Where the identity provider was asked in place of the password. */
  readonly signOn: SignOnEvidence | null;
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
    private readonly people: People,
    private readonly keys: SecurityKeys,
    private readonly signOns: SignOns,
    private readonly training: TrainingGate,
    @Inject(CREDENTIAL_RULES) private readonly rules: ReadCredentialRules,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * For a signature: password and second component, or login and password of who has none; within a period of signing the password alone, or a security key that made sure of its person; as
   * the site's rules say. With single sign-on in place of the password a second component is given each time.
   * @param what is signed: what a security key has to have answered to
   * @throws IdentityError `wrong-password`, `wrong-code`, `second-component-required`, `login-required`, `second-component-missing`, `no-second-component`,
   * `password-aged`, `locked-out`, `credential-tampered`, `single-sign-on-refused`, `not-trained`; `not-signed-in` where the session ended meanwhile
   */
  async forSignature(
    session: Session,
    given: TypedComponents,
    what: SignedWhat,
  ): Promise<Reauthenticated & { readonly rules: SigningRules }> {
    const rules = await this.rules();
    const { secondComponent, signingPauseMinutes } = rules;
    const purpose = { what: 'signature', pauseMinutes: signingPauseMinutes } as const;
    const asked = { given, rules, purpose: signing(session, what) };
    const proved = await this.reauthenticate(session, asked, purpose, (person) => {
      requireSecondComponent(secondComponent, hasSecondComponent(person));
    });
    const roles = await this.training.forSigning(session.person, proved.roles, proved.at);
    return { ...proved, roles, rules: signingRulesOf(rules) };
  }

  /** For what concerns credentials: every component that the person has, each time. @throws IdentityError as for a signature */
  async forCredentials(session: Session, given: TypedComponents): Promise<Reauthenticated> {
    const asked = { given, rules: await this.rules(), purpose: ofCredentials(session) };
    return this.reauthenticate(session, asked, { what: 'credentials' }, () => undefined);
  }

  /** What a security key has to answer to, for {@link forSignature}. @throws IdentityError `no-security-key`, `security-keys-unavailable` */
  async challengeForSignature(session: Session, what: SignedWhat): Promise<KeyChallenge> {
    return this.challenge(session, signing(session, what));
  }

  /** The same for {@link forCredentials}. */
  async challengeForCredentials(session: Session): Promise<KeyChallenge> {
    return this.challenge(session, ofCredentials(session));
  }

  private async challenge(session: Session, purpose: KeyPurpose): Promise<KeyChallenge> {
    const state = await this.people.load(session.person.id);
    const { person: found } = requireSession(state, session.id, this.clock.now());
    return this.keys.ask(purpose, session.id, found);
  }

  private async reauthenticate(
    session: Session,
    { purpose: keyPurpose, given, rules }: Asked,
    purpose: ReauthenticationFor,
    check: (person: ActivePerson) => void,
  ): Promise<Reauthenticated> {
    refuseToProveAgain();
    const { id } = session.person;
    const components = {
      ...givenComponents(given, keyPurpose, session.id),
      ...this.signOnIn(session, given),
    };
    const asks = (found: ActivePerson) => {
      // Who may not sign so is not asked for more first.
      check(found);
      return (
        signOnAsksForBoth(found, { asked: components.signOn !== undefined, purpose }) ||
        asksForBoth(found, session.id, purpose, this.clock.now())
      );
    };
    const { state, at, right } = await this.passwords.whenRight(id, components, asks, async (found) => ({
      ...(await this.decided(session, { purpose, rules }, found)),
      right: found,
    }));
    const { person: proved } = requireSession(state, session.id, at);
    // Wrong guesses before this one may have filled the measure.
    requireNotLockedOut(proved, at);
    check(proved);
    return {
      ...provedWith(right),
      evidence: right.evidence,
      signOn: evidenceOf(right),
      roles: rolesNow(proved),
      resets: proved.resets,
      printedName: proved.name,
      at,
    };
  }

  /** @throws IdentityError `single-sign-on-refused`, `single-sign-on-unavailable` */
  private signOnIn(
    session: Session,
    { singleSignOn, password }: TypedComponents,
  ): Pick<GivenComponents, 'signOn'> {
    if (singleSignOn === undefined) return {};
    if (password !== undefined) throw refusedSignOn('give the password or the sign-in there, not both');
    return { signOn: this.signOns.open(singleSignOn, { for: 'signature', session: session.id }) };
  }

  /** On the stream, for who has one component too: what was loaded before the verifying may be the past by now. */
  private async decided(
    session: Session,
    { purpose, rules: { passwordDays } }: { readonly purpose: ReauthenticationFor } & Pick<Asked, 'rules'>,
    { id, person: found, password, login, signOn, secondFactor, failuresBefore }: RightComponents,
  ): Promise<{ readonly state: Person; readonly at: string }> {
    const at = this.clock.now();
    if (signOn === null) requireYoungEnough(found, passwordDays, at);
    const auth = authOf({ password, signOn });
    const context = reauthenticationContext(session, { auth, roles: rolesNow(found) }, purpose, at);
    const given = signOnGiven(signOn);
    const proof = { session: session.id, purpose, password, login, secondFactor, ...given, failuresBefore };
    const command = { type: 'Reauthenticate', ...proof, context } as const;
    const { state } = await this.streams.decideAndAppend(person, personStream(id), command);
    return { state, at };
  }
}

interface Asked {
  /** What a security key has to have answered to. */
  readonly purpose: KeyPurpose;
  readonly given: TypedComponents;
  /** The site's, read once: what is recorded of them is what counted. */
  readonly rules: CredentialRules;
}

function signing({ person: { id, name } }: Session, what: SignedWhat): KeyPurpose {
  return { for: 'signature', person: id, printedName: name, ...what };
}

function ofCredentials({ person: { id } }: Session): KeyPurpose {
  return { for: 'credentials', person: id };
}

function reauthenticationContext(
  session: Session,
  proved: Pick<Reauthenticated, 'auth' | 'roles'>,
  { what }: ReauthenticationFor,
  at: string,
): CommandContext {
  const text = what === 'signature' ? 'proved who signs' : 'proved whose credentials these are';
  return {
    at,
    actor: personActor(session, proved),
    reason: { code: 'reauthentication', text },
    cause: uuidv7(),
    correlation: currentRequestId(),
    authorisedBy: [],
  };
}
