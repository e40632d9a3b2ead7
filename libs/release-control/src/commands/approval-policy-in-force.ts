import type { StreamWriter } from '#platform/decide-and-append';
import { BUILT_IN_POLICY, type ApprovalPolicy } from '../domain/approval-policy/approval-policy.js';
import type { ChangeRequest } from '../domain/change-request/state.js';
import { ringsOf, type Planned } from '../domain/change-request/plan.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';

/** The approval policy of the request's ring at this moment. Of a request that does not exist, which nobody can sign, the built-in one. */
export async function approvalPolicyInForce(
  writer: StreamWriter,
  request: ChangeRequest,
): Promise<ApprovalPolicy> {
  if (request.status === 'none') return BUILT_IN_POLICY;
  return (await writer.load(releasePolicy, releasePolicyStream(request.ring))).state.approval;
}

/** Those of the later rings of a release plan, in order; of every other request, none. */
export async function stagePoliciesInForce(
  writer: StreamWriter,
  request: ChangeRequest,
): Promise<readonly ApprovalPolicy[]> {
  if (request.status === 'none') return [];
  const [, ...later] = ringsOf(request);
  return policiesIn(writer, later);
}

/** Those of each ring that a request is for, in order; none of one that does not exist. */
export async function policiesOf(
  writer: StreamWriter,
  request: ChangeRequest | Planned,
): Promise<readonly ApprovalPolicy[]> {
  return 'ring' in request ? policiesIn(writer, ringsOf(request)) : [];
}

function policiesIn(writer: StreamWriter, rings: readonly string[]): Promise<readonly ApprovalPolicy[]> {
  return Promise.all(
    rings.map(async (ring) => (await writer.load(releasePolicy, releasePolicyStream(ring))).state.approval),
  );
}
