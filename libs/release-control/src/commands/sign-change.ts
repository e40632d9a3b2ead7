import type { CommandContext } from '#kernel';
import type { RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '../domain/change-request/change-request.js';
import { isDecidedPlan } from '../domain/change-request/decided-plan.js';
import { signersOf } from '../domain/change-request/signers-of.js';
import type { ElectronicSignature } from '../domain/signature.js';
import { requireStillServed } from '../require-still-served.js';
import { approvalPolicyInForce, stagePoliciesInForce } from './approval-policy-in-force.js';
import type { Outcome } from './outcome.js';
import { whileOthersSign } from './while-others-sign.js';

/** What was approved in a plan's first ring may wait for signatures in a later one. */
const OF_DECIDED_PLAN = { ApproveChange: 'SignStage', ReviewChange: 'ReviewStage' } as const;

/** The policy and what the signers are is of this moment: of the streams, and never of a read model. */
export function signChange(
  { writer, rolesHeld }: { readonly writer: StreamWriter; readonly rolesHeld: RolesHeld },
  type: keyof typeof OF_DECIDED_PLAN,
  {
    id,
    signature,
    context,
  }: {
    readonly id: string;
    readonly signature: ElectronicSignature;
    readonly context: CommandContext;
  },
): Promise<Outcome> {
  return whileOthersSign(async () => {
    const stream = changeRequestStream(id);
    const { state: before } = await writer.load(changeRequest, stream);
    await requireStillServed(writer, before);
    const policy = await approvalPolicyInForce(writer, before);
    const signersNow = await rolesHeld.by(signersOf(before));
    const stagePolicies = await stagePoliciesInForce(writer, before);
    const { state, cursor } = await writer.decideAndAppend(changeRequest, stream, {
      type: isDecidedPlan(before) ? OF_DECIDED_PLAN[type] : type,
      signature,
      policy,
      stagePolicies,
      signersNow,
      context,
    });
    return { id, status: state.status, cursor };
  });
}
