import { parseAssertion } from '#snap';
import type { LastSeen } from '../assertions/finish-fetch.js';
import type { SnapServing } from './snap-serving.js';

/** What of upstream's assertions is on our disk. A disk that fails is told, and knows of none. */
export function lastSeenBy({ parts }: SnapServing): LastSeen {
  return async (query) => {
    try {
      const bytes = await parts.relayedAssertions.find(query);
      return bytes && parseAssertion(bytes);
    } catch (error) {
      parts.events.downloadFailed('cache-unavailable', error);
      return undefined;
    }
  };
}
