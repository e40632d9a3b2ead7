import type { StreamWriter } from '#platform/decide-and-append';
import { whyNoTicket } from '../domain/approval-policy/ticket-rule.js';
import type { ChangeItem } from '../domain/change-request/change-item.js';
import type { Ticket } from '../domain/change-request/ticket.js';
import { ReleaseControlError } from '../domain/errors.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';
import type { TicketSystems } from '../tickets/ticket-systems.js';

/**
 * Who would be refused a signature for want of a ticket is told so when the request is handed in. Approving looks again, at the policy of then.
 * @throws ReleaseControlError `ticket-required`
 */
export async function requireTicketNamed(
  writer: StreamWriter,
  ring: string,
  ticket: Ticket | undefined,
): Promise<void> {
  const { state } = await writer.load(releasePolicy, releasePolicyStream(ring));
  const why = whyNoTicket(state.approval.ticket, ticket === undefined ? {} : { ticket });
  if (why !== undefined) throw new ReleaseControlError('ticket-required', why);
}

/**
 * No ring is to wait for a system that nobody could answer for: nothing would be approved in it any more, and nothing could change that.
 * @throws ReleaseControlError `no-such-ticket-system`
 */
export async function requireKnownSystems(
  systems: TicketSystems,
  items: readonly ChangeItem[],
): Promise<void> {
  for (const item of items) {
    const system = item.kind === 'approval-policy' ? item.rules.ticket?.system : undefined;
    if (system === undefined || (await systems.secretsOf(system)).length > 0) continue;
    throw new ReleaseControlError(
      'no-such-ticket-system',
      `there is no ticket system ${system}: the file of HOLDFAST_TICKET_SYSTEMS_FILE has no secret of it`,
    );
  }
}
