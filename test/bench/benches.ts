import type { Bench } from './bench.js';

/** Every benchmark, by its name; loaded when asked for, since each brings peers of its own. */
export const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  append: async () => (await import('./append.js')).append,
  loss: async () => (await import('./loss.js')).loss,
  refresh: async () => (await import('./refresh.js')).bench,
  download: async () => (await import('./download.js')).bench,
  start: async () => (await import('./start.js')).bench,
  'single-flight': async () => (await import('./single-flight.js')).bench,
  relay: async () => (await import('./relay.js')).bench,
  members: async () => (await import('./members.js')).bench,
  poll: async () => (await import('./poll.js')).bench,
  deliveries: async () => (await import('./deliveries.js')).bench,
  approve: async () => (await import('./approve.js')).approveBench,
  lists: async () => (await import('./lists.js')).listsBench,
  copy: async () => (await import('./copy.js')).copyBench,
  rebuild: async () => (await import('./rebuild.js')).rebuildBench,
};
