/** However long upstream asks for: nobody is to silence a site for good. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

/**
 * Reads `Retry-After` (RFC 9110, 10.2.3): whole seconds, or a date.
 * @param now milliseconds since the epoch
 * @returns milliseconds from now, at most a day; undefined for a header that is none
 */
export function retryAfterMs(header: string | string[] | undefined, now: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const wait = /^[0-9]{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(httpDate(header)) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), LONGEST_MS);
}

/** The one form that servers send (RFC 9110, 5.6.7); `Date.parse` would take much else. */
function httpDate(text: string): string {
  return /^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$/.test(text)
    ? text
    : '';
}
