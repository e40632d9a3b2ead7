import type { StreamWriter } from '#platform/decide-and-append';
import { BUILT_IN_POLICY, type ApprovalPolicy } from '../domain/approval-policy/approval-policy.js';
import type { ChangeRequest } from '../domain/change-request/state.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';

/** The approval policy of the request's ring at this moment. Of a request that does not exist, which nobody can sign, the built-in one. */
export async function approvalPolicyInForce(
  writer: StreamWriter,
  request: ChangeRequest,
): Promise<ApprovalPolicy> {
  if (request.status === 'none') return BUILT_IN_POLICY;
  return (await writer.load(releasePolicy, releasePolicyStream(request.ring))).state.approval;
}
