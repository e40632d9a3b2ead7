import { later } from '#kernel';

/** How long a request waits for its second person: a week. */
export const REQUEST_HOURS = 7 * 24;

/** When a request that is made at that moment has run out. RFC 3339, UTC, both. */
export function requestEnd(at: string): string {
  return later(at, REQUEST_HOURS * 3_600_000);
}

export function isOver(expiresAt: string, at: string): boolean {
  return Date.parse(at) >= Date.parse(expiresAt);
}
