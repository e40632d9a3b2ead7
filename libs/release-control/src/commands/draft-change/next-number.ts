import type { EventStore } from '#event-store/port';
import { changeRequestStream } from '../../domain/change-request/change-request.js';

/** `CR-2026-0042`; wider than four digits when a year needs it. */
export function changeRequestId(year: string, number: number): string {
  return `CR-${year}-${String(number).padStart(4, '0')}`;
}

/**
 * The first number of the year that no stream has. Numbers are taken in order, so a doubling search and a bisection find it in a few
 * reads, without a read model, which deciding must not depend on.
 */
export async function firstFreeNumber(store: EventStore, year: string): Promise<number> {
  const taken = (number: number) => exists(store, changeRequestStream(changeRequestId(year, number)));
  let free = 1;
  while (await taken(free)) free *= 2;
  let last = Math.floor(free / 2);
  while (free - last > 1) {
    const middle = Math.floor((last + free) / 2);
    if (await taken(middle)) last = middle;
    else free = middle;
  }
  return free;
}

async function exists(store: EventStore, stream: string): Promise<boolean> {
  for await (const event of store.readStream(stream)) return event.stream === stream;
  return false;
}
