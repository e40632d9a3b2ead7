import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { FaultsFirst } from './test/support/faults-first.js';

const conditions = ['source'];
const ALL = '{libs,apps,test}/**/*.spec.ts';
/** Whole sites, and programs of other people: what they do to their worker's process (authorities trusted, ports taken) ends with it. */
const WHOLE = ['test/{e2e,interop}/**/*.spec.ts', '**/*.e2e.spec.ts'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  // The environment that runs globalSetup.
  environments: { __vitest__: { resolve: { conditions, externalConditions: conditions } } },
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    projects: [
      // They share a worker's modules, which are loaded once: for most files, loading NestJS costs more than all of its tests.
      {
        extends: true,
        test: {
          name: 'shared',
          include: [ALL],
          exclude: [...configDefaults.exclude, ...WHOLE],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'whole', include: WHOLE } },
    ],
    // Specs wait more than they compute: on two cores, three at a time and not vitest's one.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    sequence: { sequencer: FaultsFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
