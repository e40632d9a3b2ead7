import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { FaultsFirst } from './test/support/faults-first.js';

const conditions = ['source'];
const ALL = '{libs,apps,test}/**/*.spec.ts';
/** No database, no process, nothing that outlives a test: they share a worker's modules, which are loaded once. */
const PLAIN = ['libs/**/!(*.int).spec.ts'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  // The environment that runs globalSetup.
  environments: { __vitest__: { resolve: { conditions, externalConditions: conditions } } },
  test: {
    projects: [
      { extends: true, test: { name: 'plain', include: PLAIN, isolate: false } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: [ALL],
          exclude: [...configDefaults.exclude, ...PLAIN],
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
    ],
    // Specs wait more than they compute: on two cores, three at a time and not vitest's one.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    sequence: { sequencer: FaultsFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
