import { REVIEW_STREAMS } from './kinds.js';

/**
 * Whether an event says no more of its actor than that they were there, or that they review the trail: signing in, their own credentials, that they took a copy
 * to read, and what comes of reviewing. Whoever did nothing else in a range is independent of it (R13).
 * @param stream that the event is in @param person id of who acted
 */
export function isOwnPresence(stream: string, person: string): boolean {
  return (
    stream === `person/${person}` ||
    stream === 'record-copies' ||
    stream.startsWith('security-key/') ||
    stream.startsWith('single-sign-on/') ||
    stream.startsWith(`${REVIEW_STREAMS}TR-`)
  );
}
