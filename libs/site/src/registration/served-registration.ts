import { readFile } from 'node:fs/promises';
import { ifThere } from '#platform/if-there';
import { splitAssertions } from '#snap';
import { describeStore, type DescribedStore } from './given-registration.js';

/** What devices are given. */
export interface ServedRegistration extends DescribedStore {
  /** The store assertion and its chain, as they were given. */
  readonly assertions: Buffer;
}

/**
 * Reads what `holdfast register` put in its place; it was verified then, and devices verify it again.
 * @returns undefined without a file @throws SiteError `not-a-registration`, SnapError for a file that somebody altered; what reading it throws
 */
export async function readRegistration(file: string): Promise<ServedRegistration | undefined> {
  const assertions = await ifThere(readFile(file));
  if (assertions === undefined) return undefined;
  return { ...describeStore(splitAssertions(assertions)), assertions };
}
