import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '#kernel';
import { InTurn } from '#platform/in-turn';
import { CLOCK } from '#platform/tokens';
import { IdentityError } from '../domain/errors.js';
import type { CodeUse, SecondFactorUse } from '../domain/person/events.js';
import type { SignOnUse } from '../domain/person/single-sign-on-events.js';
import { isLockedOut, requireNotLockedOut } from '../domain/person/lock-out.js';
import { noSecondComponent, nothingOffered, requireBoth, wrongCode } from '../domain/person/second-factor.js';
import { signedInAsAnother } from '../domain/person/single-sign-on.js';
import type { ActivePerson } from '../domain/person/state.js';
import { People } from '../people.js';
import { CountedGuesses } from './counted-guesses.js';
import { SecurityKeys, type KeyAnswer, type RightAnswer } from '../security-keys/security-keys.js';
import type { GivenComponents, RightComponents, WhoIsAsked } from './components.js';
import { Credentials } from './credentials.js';
import type { SignedOn } from '../single-sign-on/sealed-sign-ons.js';
import { isBoundTo } from '../single-sign-on/sign-ons.js';
import { pretendToVerify } from './verifier.js';

/** Asks for passwords and codes, at sign-in and at signing alike, and counts the wrong ones of all of them together (R24). */
@Injectable()
export class PasswordCheck {
  private readonly turns = new InTurn();

  constructor(
    private readonly people: People,
    private readonly credentials: Credentials,
    private readonly keys: SecurityKeys,
    private readonly guesses: CountedGuesses,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Runs `then` when what was given is right, before anybody else's guess at it is judged. `failuresBefore` are for it to record, and so is the code.
   * Takes as long for nobody, for the disabled and for the locked out as for a wrong password; however many come at once, too.
   * @param asksForBoth whether one component is not enough
   * @throws HttpError `overloaded`; IdentityError `wrong-password`, `wrong-code`, `locked-out`, `credential-tampered`; after a right password also
   * `second-component-required`, `login-required`, `no-second-component`, `security-key-refused`, `security-key-count`
   */
  async whenRight<Result>(
    who: WhoIsAsked,
    given: GivenComponents,
    asksForBoth: (person: ActivePerson) => boolean,
    then: (right: RightComponents) => Promise<Result>,
  ): Promise<Result> {
    const typed = given.password ?? '';
    return this.inTurn(who, typed, async (id) => {
      const found = await this.unlocked(id, typed);
      const password = await this.checkPassword(id, found, given);
      const login = password !== null && given.login !== undefined;
      const signOn = given.signOn === undefined ? null : await this.checkSignOn(id, found, given.signOn);
      const none = given.code === undefined && given.key === undefined;
      if (none && asksForBoth(found)) requireBoth(found, { secondFactor: null, login });
      const second = await this.checkSecond(id, found, given);
      return this.guesses.takenWhile(id, (failuresBefore) =>
        this.judged(id, found, second.secondFactor, () =>
          then({ id, person: found, password, login, signOn, ...second, failuresBefore }),
        ),
      );
    });
  }

  /**
   * Runs `then` when the password is right. What was guessed wrong before stays counted.
   * @throws as {@link whenRight}
   */
  async whenPasswordRight<Result>(
    who: WhoIsAsked,
    password: string,
    then: (id: string, person: ActivePerson) => Promise<Result>,
  ): Promise<Result> {
    return this.inTurn(who, password, async (id) => {
      const found = await this.unlocked(id, password);
      await this.checkPassword(id, found, { password });
      return then(id, found);
    });
  }

  /**
   * Runs `then` when the code is that of the secret that the person was shown; a wrong code counts as one at sign-in does.
   * @throws HttpError `overloaded`; IdentityError `no-second-component-offered`, `wrong-code`, `locked-out`, `credential-tampered`
   */
  async whenOfferedCodeRight<Result>(
    id: string,
    code: string,
    then: (use: CodeUse) => Promise<Result>,
  ): Promise<Result> {
    return this.turns.run(id, async () => {
      const found = await this.people.load(id);
      if (found.status !== 'active' || found.offered === null) throw nothingOffered();
      requireNotLockedOut(found, this.clock.now());
      const { credential } = found.offered;
      const step = await this.credentials.stepOf(id, credential, code);
      if (step !== undefined) return then({ credential: credential.id, step });
      await this.guesses.count(id, found);
      throw wrongCode();
    });
  }

  /** Hourly, and before an orderly stop. */
  async recordAll(): Promise<void> {
    for (const id of this.guesses.people()) {
      await this.turns.runOwn(id, () => this.guesses.record(id));
    }
  }

  /** Nobody waits, and is sent away, as somebody does: neither must tell who exists. */
  private async inTurn<Result>(
    who: WhoIsAsked,
    password: string,
    work: (id: string) => Promise<Result>,
  ): Promise<Result> {
    if (typeof who === 'string') return this.turns.run(who, () => work(who));
    return this.turns.run(`login/${who.unknown}`, () => this.refuse(password));
  }

  /** Somebody who may be asked now. Takes as long as a wrong password where there is nobody. */
  private async unlocked(id: string, password: string): Promise<ActivePerson> {
    const found = await this.people.load(id);
    if (found.status !== 'active') return this.refuse(password);
    if (isLockedOut(found, this.clock.now())) {
      await pretendToVerify(password);
      requireNotLockedOut(found, this.clock.now());
    }
    await this.lockOutIfOverdue(id, found, password);
    return found;
  }

  /**
   * The password, and the login where it was given: another's is a wrong guess, and which of the two was wrong nobody is told.
   * @returns the password's id; null where none was given
   * @throws IdentityError `wrong-password`, `credential-tampered`
   */
  private async checkPassword(
    id: string,
    found: ActivePerson,
    { login, password }: Pick<GivenComponents, 'login' | 'password'>,
  ): Promise<string | null> {
    const right = password === undefined || (await this.credentials.isRight(id, found.password, password));
    if (right && (login === undefined || login === found.login))
      return password === undefined ? null : found.password.id;
    await this.guesses.count(id, found);
    throw wrongPassword(login);
  }

  /** Whoever comes with somebody else's sign-in at the provider has guessed wrong. @throws IdentityError `single-sign-on-refused` */
  private async checkSignOn(id: string, found: ActivePerson, signOn: SignedOn): Promise<SignOnUse> {
    const { nonce, authTime, expiresAt, identity } = signOn;
    const { singleSignOn } = found;
    if (singleSignOn && isBoundTo(found, signOn)) {
      return { credential: singleSignOn.credential, nonce, authTime, expiresAt };
    }
    await this.guesses.count(id, found);
    throw signedInAsAnother(identity.subject, singleSignOn?.subject ?? 'nobody');
  }

  private async checkSecond(
    id: string,
    found: ActivePerson,
    { code, key }: GivenComponents,
  ): Promise<Pick<RightComponents, 'secondFactor' | 'evidence'>> {
    if (key !== undefined) {
      const { use, evidence } = await this.checkKey(id, found, key);
      return { secondFactor: use, evidence };
    }
    return {
      secondFactor: code === undefined ? null : await this.checkCode(id, found, code),
      evidence: null,
    };
  }

  /** @throws IdentityError `security-key-refused`, `security-keys-unavailable` */
  private async checkKey(id: string, found: ActivePerson, answer: KeyAnswer): Promise<RightAnswer> {
    return this.judged(id, found, null, () => this.keys.check(found, answer));
  }

  /** What is wrong with a key's answer counts as a wrong code does, also where the stream says so; a count that went back is in the history at once. */
  private async judged<Result>(
    id: string,
    found: ActivePerson,
    use: SecondFactorUse | null,
    then: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await then();
    } catch (error) {
      if (!(error instanceof IdentityError)) throw error;
      if (error.code === 'security-key-refused') await this.guesses.count(id, found);
      if (error.code === 'security-key-count' && use && !('step' in use)) await this.guesses.report(id, use);
      throw error;
    }
  }

  /** @throws IdentityError `no-second-component`, `wrong-code`; a code that was used already is a wrong one */
  private async checkCode(id: string, found: ActivePerson, code: string): Promise<CodeUse> {
    const { secondFactor } = found;
    if (secondFactor === null) throw noSecondComponent();
    const { credential, lastStep } = secondFactor;
    const step = await this.credentials.stepOf(id, credential, code);
    if (step !== undefined && step > lastStep) return { credential: credential.id, step };
    await this.guesses.count(id, found);
    throw wrongCode();
  }

  /** The guess that filled the measure may have met a database that was away: no further one is judged before the lock-out stands. */
  private async lockOutIfOverdue(id: string, found: ActivePerson, password: string): Promise<void> {
    if (!this.guesses.fillTheMeasure(id, found)) return;
    await this.guesses.record(id);
    await pretendToVerify(password);
    const locked = await this.people.load(id);
    if (locked.status === 'active') requireNotLockedOut(locked, this.clock.now());
    throw wrongPassword();
  }

  private async refuse(password: string): Promise<never> {
    await pretendToVerify(password);
    throw wrongPassword();
  }
}

function wrongPassword(login?: string): IdentityError {
  const what = login === undefined ? 'the password' : 'the login or the password';
  return new IdentityError('wrong-password', `${what} is wrong`);
}
