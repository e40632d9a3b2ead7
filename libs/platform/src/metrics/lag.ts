import { decodeEvent } from '#kernel';
import type { Cursor, EventStore } from '#event-store/port';

export interface Lag {
  /** Events that are still to be taken; {@link LAG_COUNTED} stands for that many or more. */
  readonly events: number;
  /** Age of the oldest of them, by the clock that stamped it; 0 when there are none. */
  readonly seconds: number;
}

/** Who is further behind than this is far behind: how far exactly would be dear to know. */
export const LAG_COUNTED = 1_000;

/** How far somebody who has taken everything up to `cursor` (null: nothing) is behind the store, whichever store it is. */
export async function lagBehind(
  store: Pick<EventStore, 'readAll'>,
  cursor: Cursor | null,
  now: number,
): Promise<Lag> {
  let events = 0;
  let oldest: number | undefined;
  for await (const append of store.readAll(cursor)) {
    const [first] = append.events;
    if (oldest === undefined && first) oldest = timeOf(first.bytes);
    events += append.events.length;
    if (events >= LAG_COUNTED) break;
  }
  const seconds = oldest === undefined ? 0 : Math.max(0, (now - oldest) / 1000);
  return { events: Math.min(events, LAG_COUNTED), seconds };
}

/** Undefined for bytes that are no event: how many are behind it still shows. */
function timeOf(bytes: Uint8Array): number | undefined {
  try {
    return Date.parse(decodeEvent(bytes).at);
  } catch {
    return undefined;
  }
}
