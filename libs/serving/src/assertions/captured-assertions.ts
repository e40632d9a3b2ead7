import { CodedError } from '#kernel';
import { parseAssertion, type Assertion } from '#snap';
import type { HeldReleases } from '../answer/held-releases.js';

/** The assertions of all held revisions, by what names them: what was verified at capture, and approved. */
export class CapturedAssertions {
  private readonly byReference = new Map<string, Assertion[]>();

  /** @param malformed told of an assertion that is none; the others are served */
  constructor(held: HeldReleases, malformed: (message: string) => void) {
    const seen = new Set<string>();
    for (const { manifest } of held.all) {
      for (const { text } of manifest?.assertions ?? []) {
        if (seen.has(text)) continue;
        seen.add(text);
        try {
          this.add(parseAssertion(text));
        } catch (error) {
          if (!(error instanceof CodedError)) throw error;
          malformed(error.message);
        }
      }
    }
  }

  /**
   * The newest that the device understands: two captures may have seen two revisions of one snap-declaration.
   * @param primaryKey without optional trailing values at their default
   */
  find(type: string, primaryKey: readonly string[], maxFormat: number | undefined): Assertion | undefined {
    return this.byReference
      .get(referenceKey(type, primaryKey))
      ?.filter(({ format }) => maxFormat === undefined || format <= maxFormat)
      .reduce<Assertion | undefined>(
        (best, next) => (best && best.revision >= next.revision ? best : next),
        undefined,
      );
  }

  private add(assertion: Assertion): void {
    const key = referenceKey(assertion.type, assertion.primaryKey);
    const list = this.byReference.get(key);
    if (list) list.push(assertion);
    else this.byReference.set(key, [assertion]);
  }
}

/** No part of a primary key holds a slash. */
function referenceKey(type: string, primaryKey: readonly string[]): string {
  return [type, ...primaryKey].join('/');
}
