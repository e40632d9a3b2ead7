import { failedProvider } from './provider-fetch.js';

/** How far apart the provider's clock and ours may be. */
export const SKEW_SECONDS = 30;

/**
 * By when it says that it answered (RFC 9110, 6.6.1), in whole seconds; who says nothing is not judged.
 * @param now epoch in milliseconds
 * @throws IdentityError `identity-provider-failed`
 */
export function requireSameTime(date: string | null, now: number): void {
  const ahead = Math.round((Date.parse(date ?? '') - now) / 1_000);
  if (Number.isNaN(ahead) || Math.abs(ahead) <= SKEW_SECONDS) return;
  const which = ahead > 0 ? 'ahead of' : 'behind';
  throw failedProvider(
    `its clock is ${Math.abs(ahead)} seconds ${which} ours, and at most ${SKEW_SECONDS} are allowed: see to whichever is wrong`,
  );
}
