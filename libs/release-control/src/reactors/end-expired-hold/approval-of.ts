import { decodeEvent } from '#kernel';
import type { EventStore } from '#event-store/port';
import { changeRequestStream } from '../../domain/change-request/change-request.js';

const APPROVALS: readonly string[] = ['ChangeApproved', 'ApprovedByTemplate', 'EmergencyReleased'];

/** The id of the event that let a change request take effect: its approval, or its release in an emergency; none of one that never did. */
export async function approvalOf(store: EventStore, id: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { bytes } of store.readStream(changeRequestStream(id))) {
    const event = decodeEvent(bytes);
    if (APPROVALS.includes(event.type)) found.push(event.id);
  }
  return found.slice(-1);
}
