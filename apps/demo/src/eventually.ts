import { setTimeout as wait } from 'node:timers/promises';

const PATIENCE_MS = 30_000;
const BETWEEN_MS = 100;

/** Looks until there is something to see. @throws Error that names what did not come */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > until) throw new Error(`waited ${PATIENCE_MS / 1000} s in vain: ${what}`);
    await wait(BETWEEN_MS);
  }
}
