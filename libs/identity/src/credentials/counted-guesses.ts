import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import type { CountedFailures, PersonCommand } from '../domain/person/commands.js';
import type { KeyUse } from '../domain/person/events.js';
import { FAILURES_UNTIL_LOCK_OUT } from '../domain/person/lock-out.js';
import { person, personStream } from '../domain/person/person.js';
import type { ActivePerson } from '../domain/person/state.js';
import { controlContext } from '../service-context.js';
import { CountedFailuresInMemory } from './counted-failures.js';

/** Wrong passwords, codes and answers, counted together, and what of them goes into the history (R24). For who takes one person at a time. */
@Injectable()
export class CountedGuesses {
  private readonly uncounted = new CountedFailuresInMemory();

  constructor(
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  people(): readonly string[] {
    return this.uncounted.people();
  }

  /** Whether they lock out once they are recorded. */
  fillTheMeasure(id: string, found: ActivePerson): boolean {
    const uncounted = this.uncounted.failuresOf(id);
    return uncounted > 0 && found.failuresInARow + uncounted >= FAILURES_UNTIL_LOCK_OUT;
  }

  /** One more; recorded at once where it locks out. */
  async count(id: string, found: ActivePerson): Promise<void> {
    const at = this.clock.now();
    this.uncounted.add(id, { failures: 1, first: at, last: at });
    if (this.fillTheMeasure(id, found)) await this.record(id);
  }

  /** What was counted is for `then` to record; where it fails, it stays counted. */
  async takenWhile<Result>(
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

  /** Puts what was counted for a person into the history. */
  async record(id: string): Promise<void> {
    await this.takenWhile(id, async (counted) => {
      if (!counted) return;
      const text = 'wrong passwords, codes or answers at sign-in or at signing, counted';
      const context = this.context(id, 'sign-in-failed', text);
      await this.append(id, { type: 'RecordFailures', counted, context });
    });
  }

  /** Of a key that may have been copied. */
  async report(id: string, { credential: key, signCount: found }: KeyUse): Promise<void> {
    const text = 'a security key said that it had signed no more often than before: there may be two of it';
    const context = this.context(id, 'security-key-count', text);
    await this.append(id, { type: 'ReportKeyCount', key, found, context });
  }

  private context(id: string, code: string, text: string): PersonCommand['context'] {
    return controlContext(personStream(id), this.clock.now(), { code, text });
  }

  private async append(id: string, command: PersonCommand): Promise<void> {
    await this.streams.decideAndAppend(person, personStream(id), command);
  }
}
