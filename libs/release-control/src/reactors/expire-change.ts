import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '../domain/change-request/change-request.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';

/** Has a change expire whose latest time has passed, unless its ring has it: a worker may have died before the request's own record said so. */
export async function expireChange(writer: StreamWriter, id: string, context: CommandContext): Promise<void> {
  const stream = changeRequestStream(id);
  const { state } = await writer.load(changeRequest, stream);
  if (state.status === 'none') return;
  const { state: ring } = await writer.load(releasePolicy, releasePolicyStream(state.ring));
  const applied = ring.applied.has(id);
  await writer.decideAndAppend(changeRequest, stream, { type: 'ExpireChange', applied, context });
}
