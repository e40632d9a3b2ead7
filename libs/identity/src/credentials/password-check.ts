import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { InTurn } from '#platform/in-turn';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { IdentityError } from '../domain/errors.js';
import type { CountedFailures } from '../domain/person/commands.js';
import type { SecondFactorUse } from '../domain/person/events.js';
import { FAILURES_UNTIL_LOCK_OUT, isLockedOut, requireNotLockedOut } from '../domain/person/lock-out.js';
import { person, personStream } from '../domain/person/person.js';
import {
  codeAskedFor,
  noSecondComponent,
  nothingOffered,
  wrongCode,
} from '../domain/person/second-factor.js';
import type { ActivePerson } from '../domain/person/state.js';
import { People } from '../people.js';
import { controlContext } from '../service-context.js';
import { CountedFailuresInMemory } from './counted-failures.js';
import { Credentials } from './credentials.js';
import { pretendToVerify } from './verifier.js';

/** What somebody gives to prove who they are. */
export interface GivenComponents {
  readonly password: string;
  /** Of their authenticator app. */
  readonly code?: string | undefined;
}

export interface RightComponents {
  readonly id: string;
  readonly person: ActivePerson;
  /** The code that was right; null where none was given. */
  readonly secondFactor: SecondFactorUse | null;
  /** For who is told to record. */
  readonly failuresBefore: CountedFailures | null;
}

/** Asks for passwords and codes, at sign-in and at signing alike, and counts the wrong ones of all of them together (R24). */
@Injectable()
export class PasswordCheck {
  private readonly turns = new InTurn();
  private readonly uncounted = new CountedFailuresInMemory();

  constructor(
    private readonly people: People,
    private readonly credentials: Credentials,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Runs `then` when what was given is right, before anybody else's guess at it is judged. `failuresBefore` are for it to record, and so is the code.
   * Takes as long for nobody (null), for the disabled and for the locked out as for a wrong password.
   * @param asksForCode whether the password alone is not enough, for who has a second component
   * @throws IdentityError `wrong-password`, `wrong-code`, `locked-out`, `credential-tampered`; after a right password also
   * `second-component-required`, `no-second-component`
   */
  async whenRight<Result>(
    id: string | null,
    { password, code }: GivenComponents,
    asksForCode: (person: ActivePerson) => boolean,
    then: (right: RightComponents) => Promise<Result>,
  ): Promise<Result> {
    if (id === null) return this.refuse(password);
    return this.turns.run(id, async () => {
      const found = await this.people.load(id);
      if (found.status !== 'active') return this.refuse(password);
      if (isLockedOut(found, this.clock.now())) {
        await pretendToVerify(password);
        requireNotLockedOut(found, this.clock.now());
      }
      await this.lockOutIfOverdue(id, found, password);
      if (!(await this.credentials.isRight(id, found.password, password))) {
        await this.count(id, found);
        throw wrongPassword();
      }
      if (code === undefined && asksForCode(found)) throw codeAskedFor();
      const secondFactor = code === undefined ? null : await this.checkCode(id, found, code);
      return this.uncountedWhile(id, (failuresBefore) =>
        then({ id, person: found, secondFactor, failuresBefore }),
      );
    });
  }

  /**
   * Runs `then` when the code is that of the secret that the person was shown; a wrong code counts as one at sign-in does.
   * @throws IdentityError `no-second-component-offered`, `wrong-code`, `locked-out`, `credential-tampered`
   */
  async whenOfferedCodeRight<Result>(
    id: string,
    code: string,
    then: (use: SecondFactorUse) => Promise<Result>,
  ): Promise<Result> {
    return this.turns.run(id, async () => {
      const found = await this.people.load(id);
      if (found.status !== 'active' || found.offered === null) throw nothingOffered();
      requireNotLockedOut(found, this.clock.now());
      const { credential } = found.offered;
      const step = await this.credentials.stepOf(id, credential, code);
      if (step !== undefined) return then({ credential: credential.id, step });
      await this.count(id, found);
      throw wrongCode();
    });
  }

  /** Hourly, and before an orderly stop. */
  async recordAll(): Promise<void> {
    for (const id of this.uncounted.people()) {
      await this.turns.run(id, () => this.recordTaken(id));
    }
  }

  /** @throws IdentityError `no-second-component`, `wrong-code`; a code that was used already is a wrong one */
  private async checkCode(id: string, found: ActivePerson, code: string): Promise<SecondFactorUse> {
    const { secondFactor } = found;
    if (secondFactor === null) throw noSecondComponent();
    const { credential, lastStep } = secondFactor;
    const step = await this.credentials.stepOf(id, credential, code);
    if (step !== undefined && step > lastStep) return { credential: credential.id, step };
    await this.count(id, found);
    throw wrongCode();
  }

  /** What was counted is for `then` to record; where it fails, it stays counted. */
  private async uncountedWhile<Result>(
    id: string,
    then: (before: CountedFailures | null) => Promise<Result>,
  ): Promise<Result> {
    const before = this.uncounted.take(id);
    try {
      return await then(before);
    } catch (error) {
      if (before) this.uncounted.add(id, before);
      throw error;
    }
  }

  /** The guess that filled the measure may have met a database that was away: no further one is judged before the lock-out stands. */
  private async lockOutIfOverdue(id: string, found: ActivePerson, password: string): Promise<void> {
    const uncounted = this.uncounted.failuresOf(id);
    if (uncounted === 0 || found.failuresInARow + uncounted < FAILURES_UNTIL_LOCK_OUT) return;
    await this.recordTaken(id);
    await pretendToVerify(password);
    const locked = await this.people.load(id);
    if (locked.status === 'active') requireNotLockedOut(locked, this.clock.now());
    throw wrongPassword();
  }

  private async count(id: string, found: ActivePerson): Promise<void> {
    const at = this.clock.now();
    const { failures } = this.uncounted.add(id, { failures: 1, first: at, last: at });
    if (found.failuresInARow + failures >= FAILURES_UNTIL_LOCK_OUT) await this.recordTaken(id);
  }

  private async recordTaken(id: string): Promise<void> {
    await this.uncountedWhile(id, async (counted) => {
      if (counted) await this.record(id, counted);
    });
  }

  /** Puts what was counted for a person into the history. */
  private async record(id: string, counted: CountedFailures): Promise<void> {
    const context = controlContext(personStream(id), this.clock.now(), {
      code: 'sign-in-failed',
      text: 'wrong passwords or codes at sign-in or at signing, counted',
    });
    await this.streams.decideAndAppend(person, personStream(id), {
      type: 'RecordFailures',
      counted,
      context,
    });
  }

  private async refuse(password: string): Promise<never> {
    await pretendToVerify(password);
    throw wrongPassword();
  }
}

function wrongPassword(): IdentityError {
  return new IdentityError('wrong-password', 'the password is wrong');
}
