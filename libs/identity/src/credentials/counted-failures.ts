import type { CountedFailures } from '../domain/person/commands.js';

/**
 * Wrong passwords that are not in the history yet: a flood of them must not become a flood of events. What is here goes into the
 * history with the next lock-out, sign-in, signing, hour or orderly stop; a crash may lose at most four of a person's.
 */
export class CountedFailuresInMemory {
  private readonly counts = new Map<string, CountedFailures>();

  add(person: string, counted: CountedFailures): CountedFailures {
    const before = this.counts.get(person);
    const sum = before
      ? { failures: before.failures + counted.failures, first: before.first, last: counted.last }
      : counted;
    this.counts.set(person, sum);
    return sum;
  }

  take(person: string): CountedFailures | null {
    const counted = this.counts.get(person) ?? null;
    this.counts.delete(person);
    return counted;
  }

  failuresOf(person: string): number {
    return this.counts.get(person)?.failures ?? 0;
  }

  people(): readonly string[] {
    return [...this.counts.keys()];
  }
}
