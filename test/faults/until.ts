import { setTimeout as delay } from 'node:timers/promises';

const BETWEEN_MS = 50;

/**
 * Looks until there is something to see; what fails meanwhile is not there yet.
 * @throws Error that names what did not come, and what the last look ended with
 */
export async function until<Seen>(
  what: string,
  patienceMs: number,
  look: () => Promise<Seen | undefined>,
): Promise<Seen> {
  const end = performance.now() + patienceMs;
  for (let why = ''; ;) {
    try {
      const seen = await look();
      if (seen !== undefined) return seen;
    } catch (error) {
      why = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (performance.now() > end) throw new Error(`waited ${patienceMs / 1000} s in vain: ${what}${why}`);
    await delay(BETWEEN_MS);
  }
}
