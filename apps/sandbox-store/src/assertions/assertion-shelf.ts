import type { Assertion, AssertionReference } from '#snap';

/** The assertions that the store can give out, by type and primary key. */
export class AssertionShelf {
  private readonly byReference = new Map<string, Assertion>();

  constructor(assertions: readonly Assertion[]) {
    this.put(assertions);
  }

  /** One that is there already stays, unless the new one has a higher revision. */
  put(assertions: readonly Assertion[]): void {
    for (const assertion of assertions) {
      const there = this.find(assertion);
      if (there === undefined || there.revision < assertion.revision) {
        this.byReference.set(nameOf(assertion), assertion);
      }
    }
  }

  find(reference: AssertionReference): Assertion | undefined {
    return this.byReference.get(nameOf(reference));
  }

  /** The highest of a sequence, whose name is all of a primary key but the last part, a number. */
  latest({ type, primaryKey }: AssertionReference): Assertion | undefined {
    const number = (assertion: Assertion): number => Number(assertion.primaryKey.at(-1));
    return [...this.byReference.values()]
      .filter((each) => each.type === type && each.primaryKey.slice(0, -1).join('/') === primaryKey.join('/'))
      .toSorted((a, b) => number(b) - number(a))[0];
  }

  /** @param sequence `latest`, or a number */
  ofSequence({ type, primaryKey }: AssertionReference, sequence: string): Assertion | undefined {
    if (sequence === 'latest') return this.latest({ type, primaryKey });
    return this.find({ type, primaryKey: [...primaryKey, sequence] });
  }
}

/** No part of a primary key can hold a slash. */
function nameOf({ type, primaryKey }: AssertionReference): string {
  return [type, ...primaryKey].join('/');
}
