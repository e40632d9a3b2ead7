import { ServingError } from '../errors.js';

/** @param why in a few words, as upstream's errors have it */
export function upstreamUnavailable(why: string): ServingError {
  return new ServingError('upstream-unavailable', `the upstream store cannot be asked now: ${why}`);
}
