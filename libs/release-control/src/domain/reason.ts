import type { CommandContext } from '#kernel';
import { ReleaseControlError } from './errors.js';

/** Characters, after trimming: "updated" is no reason (R04). */
const SHORTEST_REASON = 10;

/** @throws ReleaseControlError `reason-required` */
export function requireReason({ reason: { code, text } }: CommandContext): void {
  if (code.trim() !== '' && text.trim().length >= SHORTEST_REASON) return;
  throw new ReleaseControlError(
    'reason-required',
    `a reason is required: a code, and at least ${SHORTEST_REASON} characters that say why`,
  );
}
