import type { StreamWriter } from '#platform/decide-and-append';
import type { ChangeRequest } from '../domain/change-request/state.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';
import { requireServed } from '../domain/release-policy/served.js';

/**
 * What a promotion carries on may have been halted, blocked or denied since it was captured: nobody signs for it then, and nothing of it is applied.
 * @throws ReleaseControlError `not-a-promotion`
 */
export async function requireStillServed(writer: StreamWriter, request: ChangeRequest): Promise<void> {
  if (request.status === 'none' || !('changes' in request)) return;
  const carried = request.changes.flatMap((change) => {
    if (change.kind !== undefined || change.new === null) return [];
    const { name, target } = change;
    return [{ format: target.format, subject: target.subject, name }];
  });
  for (const item of request.items) {
    if (item.kind !== 'promotion') continue;
    const { state } = await writer.load(releasePolicy, releasePolicyStream(item.from));
    requireServed(item.from, state, carried);
  }
}
