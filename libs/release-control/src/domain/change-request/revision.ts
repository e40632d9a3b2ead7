import type { Reason } from '#kernel';
import type { RecordedSignature } from '../signature.js';
import type { ChangeItem } from './change-item.js';
import type { Author, ResolvedChange } from './events.js';
import type { Ticket } from './ticket.js';
import type { UseOfTemplate } from './use-of-template.js';
import type { TemplateRef } from '../template/template.js';
import type { ChangeWindow } from './window.js';

/** What a request was before it was revised, kept as it was. Its signatures are void: they are bound to the digest of another record. */
export interface EarlierRevision {
  /** Counted from 1. */
  readonly revision: number;
  /** How it stood when it was revised. */
  readonly status: string;
  readonly reason: Reason;
  readonly items: readonly ChangeItem[];
  readonly window: ChangeWindow;
  readonly ticket?: Ticket;
  /** The standard change that it was asked for as, and how its use stood. */
  readonly template?: TemplateRef;
  readonly use?: UseOfTemplate;
  /** Empty, and null, where it was not captured. */
  readonly changes: readonly ResolvedChange[];
  readonly recordDigest: string | null;
  readonly signatures: readonly RecordedSignature[];
}

/** What somebody said beside the decision: part of the record, never edited. */
export interface Comment {
  readonly by: Author;
  readonly at: string;
  readonly text: string;
}
