import assert from 'node:assert/strict';

/** How often each thing came about over all runs: what never did was not tried, whatever the test says. */
export class Reached {
  private readonly times = new Map<string, number>();

  note(what: string): void {
    this.times.set(what, (this.times.get(what) ?? 0) + 1);
  }

  /** @throws AssertionError, which names each that was not */
  assertAll(expected: readonly string[]): void {
    assert.deepEqual(
      expected.filter((what) => !this.times.has(what)),
      [],
      `reached: ${this.toString()}`,
    );
  }

  toString(): string {
    return [...this.times].map(([what, times]) => `${what} ${times}`).join(', ');
  }
}
