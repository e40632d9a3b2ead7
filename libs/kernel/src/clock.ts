/** The server's clock. A port, so that tests decide the time; `decide` never sees it. */
export interface Clock {
  /** RFC 3339, UTC, milliseconds. */
  now(): string;
}

export const systemClock: Clock = { now: () => new Date().toISOString() };

/** A clock for tests: stands still until it is told to move. */
export class StoppedClock implements Clock {
  constructor(private at: string) {}

  now(): string {
    return this.at;
  }

  set(at: string): void {
    this.at = at;
  }
}

/**
 * Whether what ends at `until` still lasts at `at`. A clock that was set back lengthens it, to twice its length at most: what would
 * last longer than that was begun by a clock that was wrong, and has ended.
 * @param length how long it was meant to last, in ms
 */
export function lasts(until: string, at: string, length: number): boolean {
  const left = Date.parse(until) - Date.parse(at);
  return left > 0 && left <= 2 * length;
}

/** So long after `at`. RFC 3339, UTC. @param length in ms */
export function later(at: string, length: number): string {
  return new Date(Date.parse(at) + length).toISOString();
}

/** The offset of `zone` at `at`, as `+01:00` (R07). @throws RangeError for a zone that the runtime doesn't know */
export function zoneOffset(at: string, zone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(
    new Date(at),
  );
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  return name === 'GMT' ? '+00:00' : name.slice(3);
}
