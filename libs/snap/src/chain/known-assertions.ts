import { describeReference, type Assertion, type AssertionReference } from '../assertion/assertion.js';
import { SnapError } from '../errors.js';
import { referenceKey } from './reference.js';

/** Assertions by their names. Of several revisions of one assertion the newest counts, as in snapd's database. */
export class KnownAssertions {
  private readonly byName = new Map<string, Assertion>();

  /** @param builtIn what is there from the start, and is never displaced by what somebody sent */
  constructor(
    assertions: Iterable<Assertion>,
    private readonly builtIn?: KnownAssertions,
  ) {
    for (const assertion of assertions) this.add(assertion);
  }

  find(reference: AssertionReference): Assertion | undefined {
    return this.builtIn?.find(reference) ?? this.byName.get(referenceKey(reference));
  }

  /** @throws SnapError `broken-chain`, naming what is missing and what needs it */
  require(reference: AssertionReference, neededBy: Assertion): Assertion {
    const found = this.find(reference);
    if (found !== undefined) return found;
    const about = describeReference(reference);
    throw new SnapError(
      'broken-chain',
      `${about} is missing, which ${describeReference(neededBy)} needs`,
      about,
    );
  }

  private add(assertion: Assertion): void {
    const key = referenceKey(assertion);
    const present = this.byName.get(key);
    if (present === undefined || present.revision < assertion.revision) this.byName.set(key, assertion);
  }
}
