import type { ApprovalPolicy } from '../../domain/approval-policy/approval-policy.js';
import { whyNotSigned } from '../../domain/approval-policy/ticket-rule.js';
import { whyNotAuthored } from '../../domain/change-request/authored.js';
import { waitsForTicket } from '../../domain/change-request/in-time.js';
import type { Reviewed } from '../../domain/change-request/review.js';
import type { ChangeRequest } from '../../domain/change-request/state.js';
import type { WouldSign } from '../../domain/change-request/waited-for.js';
import { ticketName } from '../../domain/change-request/ticket.js';

/** What keeps everybody from signing for a request, in words: its ticket, or that its author has not signed. */
export function whyNotSignable(
  request: Reviewed,
  policy: ApprovalPolicy,
  { stagePolicies = [], signersNow }: Pick<WouldSign, 'stagePolicies' | 'signersNow'>,
): readonly string[] {
  const authored = whyNotAuthored([policy, ...stagePolicies], request, { signersNow });
  const why = [whyNotSigned(policy.ticket, request), authored];
  return why.filter((each) => each !== undefined);
}

/** What was approved may wait for its ticket still. */
export function ticketToCome(state: Exclude<ChangeRequest, { status: 'none' }>): readonly string[] {
  const waits = (state.status === 'approved' || state.status === 'scheduled') && waitsForTicket(state);
  return waits && state.ticket
    ? [`${ticketName(state.ticket)} is to be approved before it takes effect`]
    : [];
}
