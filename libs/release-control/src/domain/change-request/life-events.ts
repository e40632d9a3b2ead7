import type { DomainEvent, InPart, Reason } from '#kernel';
import type { ChangeItem } from './change-item.js';
import type { Attachment } from './attachment.js';
import type { Author } from './events.js';
import type { Comment } from './revision.js';
import type { Ticket, TicketReport, TicketState } from './ticket.js';
import type { Verification } from './verification.js';
import type { Wait } from './waiting.js';
import type { ChangeWindow } from './window.js';

/** The author said it anew. Several where there are many items, each with all that is not items. */
export type ChangeRevised = DomainEvent<
  'ChangeRevised',
  InPart & {
    /** From 2. */
    readonly revision: number;
    readonly from: string;
    readonly reason: Reason;
    readonly items: readonly ChangeItem[];
    readonly window?: ChangeWindow;
    readonly ticket?: Ticket;
  }
>;

/** Another request took its place by being approved. */
export type ChangeSuperseded = DomainEvent<
  'ChangeSuperseded',
  { readonly from: string; readonly by: string }
>;

export type ChangeCommented = DomainEvent<'ChangeCommented', Comment>;

/** A file, by the digests of its bytes, which stand beside the history. */
export type AttachmentAdded = DomainEvent<'AttachmentAdded', Attachment>;

/** The worker took it on, since its time has come: it cannot be recalled any more. Requests from before there were times have none. */
export type ChangeStarted = DomainEvent<'ChangeStarted', { readonly at: string }>;

/** It is approved, and the ring's approval policy of now does not let it take effect before a time: it is looked at again then. */
export type ChangeDeferred = DomainEvent<'ChangeDeferred', Wait & { readonly policyVersion: number }>;

/** Its latest time, or the end of a hold that it asks for, passed before it was in force. */
export type ChangeExpired = DomainEvent<
  'ChangeExpired',
  { readonly from: string; readonly notAfter?: string }
>;

/** It was stopped after it was approved, before it was in force: by a person, or since its ticket was turned down. */
export type ChangeRecalled = DomainEvent<
  'ChangeRecalled',
  | { readonly from: string; readonly by: Author }
  | {
      readonly from: string;
      readonly ticket: Pick<Ticket, 'system' | 'id'>;
      readonly ticketState: Exclude<TicketState, 'approved'>;
    }
>;

/** A ticket system said how the request's ticket stands, in a message that its secret signs. */
export type TicketStateReported = DomainEvent<'TicketStateReported', TicketReport>;

/** A person looked, and the change does what it was approved for. */
export type ChangeVerified = DomainEvent<'ChangeVerified', Verification>;

/** A person looked, and it does not: a roll back or another request answers it. */
export type VerificationFailed = DomainEvent<'VerificationFailed', Verification>;

/** The record is complete. */
export type ChangeClosed = DomainEvent<'ChangeClosed', { readonly by: Author; readonly at: string }>;

export type LifeEvent =
  | ChangeRevised
  | ChangeSuperseded
  | ChangeCommented
  | AttachmentAdded
  | ChangeStarted
  | ChangeDeferred
  | ChangeExpired
  | ChangeRecalled
  | TicketStateReported
  | ChangeVerified
  | VerificationFailed
  | ChangeClosed;
