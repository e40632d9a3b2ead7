import { BaseSequencer, type TestSpecification } from 'vitest/node';

const FAULTS = 'test/e2e/faults.e2e.spec.ts';

/**
 * Vitest begins with the largest files, unless it knows how long they took. The faults take minutes and are a small file: begun at last, they would be
 * waited for with a core idle.
 */
export class FaultsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

/** Whole sites take long, and have the cores first; all other files are short, and fill them to the end. */
function rank({ moduleId }: TestSpecification): number {
  if (moduleId.endsWith(FAULTS)) return 0;
  return /\/test\/(e2e|interop)\//.test(moduleId) ? 1 : 2;
}
