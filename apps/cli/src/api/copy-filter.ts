import type { AuditFilter } from './control-bodies.js';

/** Of a copy: what is searched for, and what is made of the lines of JSON that come. */
export interface CopyFilter extends Omit<AuditFilter, 'limit' | 'order'> {
  readonly as?: 'csv' | 'pdf';
}

/** What a client makes of the record, and of what it is. */
export interface NotedCopy {
  readonly of: 'change-request' | 'agenda' | 'minutes' | 'review' | 'bundle';
  readonly id?: string;
  readonly from?: string;
  readonly to?: string;
}
