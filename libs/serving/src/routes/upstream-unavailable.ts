import { UpstreamError } from '#upstream/published';
import { ServingError } from '../errors.js';
import { upstreamWords } from '../upstream-words.js';

/** @param why upstream's error, or a few words that name no host */
export function upstreamUnavailable(why: UpstreamError | string): ServingError {
  const words = why instanceof UpstreamError ? upstreamWords(why) : why;
  return new ServingError('upstream-unavailable', `the upstream store cannot be asked now: ${words}`);
}
