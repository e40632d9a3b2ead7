import type { InForce } from './state.js';

/** RFC 3339, UTC: before this, nothing was given out because of the request. Undefined for older ones, which do not say it. */
export function givenOutSince({ since, emergency, signature }: InForce): string | undefined {
  return since ?? (emergency ? signature.signedAt : undefined);
}
