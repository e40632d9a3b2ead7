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
}

/** No part of a primary key can hold a slash. */
function nameOf({ type, primaryKey }: AssertionReference): string {
  return [type, ...primaryKey].join('/');
}
