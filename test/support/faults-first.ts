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

/** Those of `plain` stay before all others: they share their workers. */
function rank({ project, moduleId }: TestSpecification): number {
  if (project.name === 'plain') return 0;
  return moduleId.endsWith(FAULTS) ? 1 : 2;
}
