import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { FaultsFirst } from './test/support/faults-first.js';

const conditions = ['source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  // The environment that runs globalSetup.
  environments: { __vitest__: { resolve: { conditions, externalConditions: conditions } } },
  test: {
    include: ['{libs,apps,test}/**/*.spec.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Spec files share a worker's modules, which are loaded once: loading NestJS costs most of them more than all of their tests.
    isolate: false,
    // Specs wait more than they compute: on two cores, three at a time and not vitest's one.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    sequence: { sequencer: FaultsFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
