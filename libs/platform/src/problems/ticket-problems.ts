import type { ReleaseControlErrorCode } from '#release-control/domain/errors';
import {
  conflict,
  integrity,
  refused,
  forbidden,
  notAuthenticated,
  notFound,
  unavailable,
  usage,
  type ProblemKind,
} from './problem-kind.js';

type TicketCode = Extract<ReleaseControlErrorCode, `${string}ticket${string}`>;

type AttachmentCode = Extract<ReleaseControlErrorCode, `${string}attach${string}`>;

/** Those of release control that are about attachments. */
export const ATTACHMENT_PROBLEMS: Readonly<Record<AttachmentCode, ProblemKind>> = {
  'invalid-attachment': usage('The attachment is not valid'),
  'attachment-too-large': usage('The attachment is too large', 413),
  'attachment-differs': refused('The attachment is not what was announced'),
  'already-attached': conflict('The request has this file already'),
  'too-many-attachments': conflict('The request takes no more attachments'),
  'no-such-attachment': notFound('The request has no such attachment'),
  'attachment-lost': integrity('The content of an attachment is lost'),
};

/** Those of release control that are about tickets. */
export const TICKET_PROBLEMS: Readonly<Record<TicketCode, ProblemKind>> = {
  'invalid-ticket': usage('The ticket is not valid'),
  'ticket-required': conflict('The approval policy asks for a ticket'),
  'ticket-not-approved': conflict('The ticket is not approved'),
  'no-such-ticket-system': conflict('There is no such ticket system'),
  'no-such-ticket': notFound('The request names no such ticket'),
  'ticket-signature-refused': notAuthenticated('The message is not signed by a ticket system'),
  'ticket-message-stale': forbidden('The message is not of now'),
  'ticket-message-malformed': usage('The message of a ticket system cannot be read'),
  'ticket-revision-differs': conflict('The message is of another revision'),
  'ticket-message-replayed': conflict('The message was taken before'),
  'ticket-state-overtaken': conflict('Something later is known of the ticket'),
  'too-many-ticket-states': conflict('The request takes no more messages of its ticket'),
  'ticket-systems-unreadable': unavailable('The secrets of the ticket systems cannot be read'),
};
