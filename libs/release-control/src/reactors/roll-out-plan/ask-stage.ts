import { RolesHeld } from '#identity/published';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { changesIn } from '../../domain/change-request/plan.js';
import { nextStage, type RollingOut } from '../../domain/change-request/stages.js';
import type { ChangeRequest } from '../../domain/change-request/state.js';
import { haltedIn, withheldIn } from '../../domain/release-policy/stage-source.js';
import { soakFacts } from '../../soak-facts.js';
import { trailFacts } from '../../trail-facts.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';

/**
 * Asks a plan whether it begins, or goes on, in its next ring, with what holds now: that ring's approval policy, what the signers are, and what is halted. Where
 * the ring before does not serve it any more, and the next one does not have it, the plan is stopped.
 * @returns how it stands then
 */
export async function askStage(
  writer: StreamWriter,
  plan: RollingOut,
  contextOf: (reason: { readonly code: string; readonly text: string }) => CommandContext,
): Promise<ChangeRequest> {
  const next = nextStage(plan);
  if (next === undefined) return plan;
  const [source, { ring }] = [next.before.ring, next.next];
  const policyOf = async (name: string) =>
    (await writer.load(releasePolicy, releasePolicyStream(name))).state;
  const [before, policy] = [await policyOf(source), await policyOf(ring)];
  const stream = changeRequestStream(plan.id);
  const applied = policy.applied.has(plan.id);
  const withheld = withheldIn(source, before, changesIn(plan, source));
  if (withheld !== undefined && !applied) {
    const text = `${withheld}: what is not served there goes no further`;
    const context = contextOf({ code: 'source-withheld', text });
    const stop = { type: 'StopStages', because: 'source-withheld', mismatches: [], context } as const;
    return (await writer.decideAndAppend(changeRequest, stream, stop)).state;
  }
  const { state } = await writer.decideAndAppend(changeRequest, stream, {
    type: 'StartStage',
    policy: policy.approval,
    soak: await soakFacts(writer, policy.approval, changesIn(plan, ring), plan),
    trail: await trailFacts(writer, policy.approval, plan.id),
    signersNow: await RolesHeld.of(writer).by(plan.signatures.map(({ signer }) => signer)),
    halted: [
      ...haltedIn(source, before, changesIn(plan, source)),
      ...haltedIn(ring, policy, changesIn(plan, ring)),
    ],
    applied,
    context: contextOf({ code: 'plan', text: `ring ${ring} is the next of the plan ${plan.id}` }),
  });
  return state;
}
