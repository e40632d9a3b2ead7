import type { StreamWriter } from '#platform/decide-and-append';
import type { ApprovalPolicy } from '../domain/approval-policy/approval-policy.js';
import type { ChangeRequest } from '../domain/change-request/state.js';
import { waitAhead, type Wait } from '../domain/change-request/waiting.js';
import { capturedIn, soakFacts } from '../soak-facts.js';
import { trailFacts } from '../trail-facts.js';

/** What a request would wait for if it was approved now, or waits for, of the streams of this moment; null: nothing. @param policy the ring's, as it is in force now @param now RFC 3339 */
export async function waitAheadOf(
  writer: StreamWriter,
  request: Exclude<ChangeRequest, { status: 'none' }>,
  policy: ApprovalPolicy,
  now: string,
): Promise<Wait | null> {
  const changes = capturedIn(request, request.ring);
  const soak = await soakFacts(writer, policy, changes, request);
  const trail = await trailFacts(writer, policy, request.id);
  const { items, window } = request;
  const facts = { policy, soak, trail };
  return waitAhead({ items, window, ...('changes' in request ? { changes } : {}) }, facts, now);
}
