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

/** Files of `shared` are many and short, and fill the cores to the end. */
function rank({ project, moduleId }: TestSpecification): number {
  if (moduleId.endsWith(FAULTS)) return 0;
  return project.name === 'shared' ? 2 : 1;
}
