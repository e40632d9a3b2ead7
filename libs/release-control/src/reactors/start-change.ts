import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '../domain/change-request/change-request.js';
import type { ChangeRequest } from '../domain/change-request/state.js';
import { capturedIn, soakFacts } from '../soak-facts.js';
import { trailFacts } from '../trail-facts.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';

/** Has a change begin, if it may under its ring's policy as it is in force now. @returns how it stands then */
export async function startChange(
  writer: StreamWriter,
  id: string,
  context: CommandContext,
): Promise<ChangeRequest> {
  const stream = changeRequestStream(id);
  const { state } = await writer.load(changeRequest, stream);
  if (state.status === 'none') return state;
  const { state: ring } = await writer.load(releasePolicy, releasePolicyStream(state.ring));
  const { approval: policy } = ring;
  const soak = await soakFacts(writer, policy, capturedIn(state, state.ring), state);
  const trail = await trailFacts(writer, policy, id);
  const now = { policy, soak, trail, applied: ring.applied.has(id) };
  return (await writer.decideAndAppend(changeRequest, stream, { type: 'StartChange', ...now, context }))
    .state;
}
