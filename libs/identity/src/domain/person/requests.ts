/** How long a request waits for its second person: a week. */
export const REQUEST_HOURS = 7 * 24;

/** @param at RFC 3339 */
export function later(at: string, hours: number): string {
  return new Date(Date.parse(at) + hours * 3_600_000).toISOString();
}

export function isOver(expiresAt: string, at: string): boolean {
  return Date.parse(at) >= Date.parse(expiresAt);
}
