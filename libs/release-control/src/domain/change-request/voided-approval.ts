import { NO_LINKED_ACCOUNTS, type LinkedAccounts } from '#kernel';
import { rulesFor, type ApprovalPolicy } from '../approval-policy/approval-policy.js';
import type { RecordedSignature } from '../signature.js';
import type { ApprovalVoided } from './events.js';
import { standing } from './review.js';
import type { ChangeRequest } from './state.js';
import { isByTemplate } from './use-of-template.js';

type Approved = Extract<ChangeRequest, { status: 'approved' | 'scheduled' }>;

/**
 * An approval that does not take effect: accounts that signed it, or the author's and a signer's, were found to be one person's since, and without that
 * person's signatures the policy in force is not met. What else changed since it was approved, such as a signer's roles, is no matter any more (ADR 17).
 * @returns undefined: it stands
 */
export function voidedApproval(
  request: Approved,
  policy: ApprovalPolicy,
  linked: LinkedAccounts = NO_LINKED_ACCOUNTS,
): ApprovalVoided | undefined {
  // Who uses a template stands for nobody but themself: the ring looks again at whose it is.
  if (linked.size === 0 || isByTemplate(request)) return undefined;
  const counted = request.signatures
    .filter(({ signer }) => !request.notCounted.includes(signer))
    .map(inRoles);
  const asThen = counted.map(({ signer, roles, resets = 0 }) => [signer, { roles, resets }] as const);
  const now = { signersNow: new Map(asThen), linked };
  const { signatories, missing } = standing(request, rulesFor(policy, request.changes), counted, now);
  const signed = new Set(counted.filter(({ roles }) => roles.length > 0).map(({ signer }) => signer));
  const voided = signatories.filter(({ person, roles }) => roles.length === 0 && signed.has(person));
  if (voided.length === 0 || missing.length === 0) return undefined;
  const notCounted = [...request.notCounted, ...voided.map(({ person }) => person)];
  return { type: 'ApprovalVoided', data: { from: request.status, missing, notCounted } };
}

/** Older signatures do not say their roles: they were approvers'. */
function inRoles(signature: RecordedSignature): RecordedSignature & { readonly roles: readonly string[] } {
  return { ...signature, roles: signature.roles ?? ['approver'] };
}
