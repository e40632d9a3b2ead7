import type { Reason } from '#kernel';
import type { ExternalTicket } from '../input/external-ticket.js';
import type { TemplateRef } from './template-types.js';
import type { Item, PlannedStage } from './types.js';

export interface Signature {
  readonly recordDigest: string;
  readonly login?: string;
  readonly password: string;
  readonly code?: string;
  readonly reason: Reason;
}
/** Of the person who asks: every component that they have. */
export interface OwnCredentials {
  readonly login?: string;
  readonly password: string;
  readonly code?: string;
  readonly reason: Reason;
}
/** Of a role: in these rings alone; without any, everywhere. */
export interface InRings {
  readonly rings?: readonly string[];
  readonly reason: Reason;
}
/** How a request is handed in: at once or as a draft, and when it may take effect. */
export interface Submission {
  readonly reason: Reason;
  readonly submit: boolean;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly ticket?: ExternalTicket;
}
export interface AskedItems {
  readonly ring: string;
  readonly items: readonly Item[];
  /** The digest of the ring's policy that they were thought of for. */
  readonly ifPolicy?: string;
}
/** A change request, as it is drafted. */
export interface NewRequest extends AskedItems, Submission {
  readonly emergency?: true;
  readonly supersedes?: string;
  readonly stages?: readonly PlannedStage[];
  /** The standard change that it is asked for as: a draft until its author signs it. */
  readonly template?: TemplateRef;
}
export interface AuditFilter {
  readonly after: string;
  readonly limit: number;
  readonly actor: string;
  readonly type: string;
  readonly stream: string;
  /** The reason's code. */
  readonly reason: string;
  /** What the reason's text contains. */
  readonly text: string;
  readonly ticket: string;
  readonly order: 'oldest' | 'newest';
  readonly from: string;
  readonly to: string;
}
