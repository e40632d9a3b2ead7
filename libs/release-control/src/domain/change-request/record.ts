import { recordDigest, type JsonObject, type Reason } from '#kernel';
import type { RecordedSignature } from '../signature.js';
import type { ChangeItem } from './change-item.js';
import type { Author, ResolvedChange } from './events.js';
import type { Attachment } from './attachment.js';
import type { Drafted, Submitted } from './state.js';
import type { Ticket } from './ticket.js';
import type { Stage } from './plan.js';
import type { TemplateRef } from '../template/template.js';
import type { ChangeWindow } from './window.js';

/** What an approver sees and signs: the request as it was made, and what it was resolved to. */
export interface ChangeRecord {
  readonly id: string;
  readonly ring: string;
  readonly author: Author;
  readonly reason: Reason;
  readonly submittedAt: string;
  /** When it may take effect; absent where nothing is said of it, as in all older records. */
  readonly window?: ChangeWindow;
  /** Which revision of the request; absent for the first. */
  readonly revision?: number;
  /** Id of the request that is over once this one is approved. */
  readonly supersedes?: string;
  /** The record outside that it follows; absent where none is named. */
  readonly ticket?: Ticket;
  /** Of a release plan: its later rings, and what each waits for. */
  readonly stages?: readonly Stage[];
  /** The standard change that it is asked for as; absent for every other request. */
  readonly template?: TemplateRef;
  /** The files that it was handed in with; absent for none. */
  readonly attachments?: readonly Attachment[];
  readonly items: readonly ChangeItem[];
  readonly changes: readonly ResolvedChange[];
}

/** What its author says, before it is captured: what they sign as they submit it. */
export type DraftRecord = Omit<ChangeRecord, 'submittedAt' | 'changes'>;

/** The record and nothing else of what `source` holds. Its canonical bytes are what a signature is bound to (R19). */
export function recordOf(source: ChangeRecord): ChangeRecord {
  const { items, ...said } = saidIn(source);
  return { ...said, submittedAt: source.submittedAt, items, changes: source.changes };
}

/** A request of which its author says something. */
type OfAuthor = Drafted & { readonly status?: string; readonly submittedAt?: string } & Partial<
    Pick<Submitted, 'attachments'>
  >;

/** The same of what its author signs: of what is theirs still with the files that there are, which would be in the record. */
export function draftRecordOf({ files, status, submittedAt, ...source }: OfAuthor): DraftRecord {
  const { attachments: handedIn, ...said } = source;
  const isHandedIn = submittedAt !== undefined && status !== 'capture-refused';
  const attachments = isHandedIn ? handedIn : files.length > 0 ? files : undefined;
  return saidIn({ ...said, ...(attachments === undefined ? {} : { attachments }) });
}

/** SHA-256, hex, over its canonical bytes: another than that of the record, so that nobody's `authored` is an approval. */
export function draftDigestOf(source: OfAuthor): string {
  return recordDigest({ record: 'change-draft', ...draftRecordOf(source) } as unknown as JsonObject);
}

function saidIn(source: DraftRecord): DraftRecord {
  const { id, ring, author, reason, window = {}, revision = 1, supersedes, ticket } = source;
  const { stages, template, attachments, items } = source;
  // Only what is said: older records, and their digests, stay as they were.
  const more = {
    ...(Object.keys(window).length === 0 ? {} : { window }),
    ...(revision === 1 ? {} : { revision }),
    ...(supersedes === undefined ? {} : { supersedes }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(stages === undefined ? {} : { stages }),
    ...(template === undefined ? {} : { template }),
    ...(attachments === undefined ? {} : { attachments }),
  };
  return { id, ring, author, reason, ...more, items };
}

/** SHA-256, hex, over the record's canonical bytes. */
export function digestOf(source: ChangeRecord): string {
  return recordDigest({ record: 'change-request', ...recordOf(source) } as unknown as JsonObject);
}

/** What ratifies signs: the record, and the release as it was signed. */
export interface ReleaseRecord extends ChangeRecord {
  readonly release: RecordedSignature;
  readonly ratifyBy: string;
  /** What it would have waited for by the soak that its ring asks for; absent for nothing, as in all older records. */
  readonly soakPassedOver?: string;
}

/** The same as of {@link recordOf}. */
export function releaseOf(source: ReleaseRecord): ReleaseRecord {
  const { release, ratifyBy, soakPassedOver } = source;
  const passedOver = soakPassedOver === undefined ? {} : { soakPassedOver };
  return { ...recordOf(source), release, ratifyBy, ...passedOver };
}

/** SHA-256, hex, over its canonical bytes: another than that of the record, so that no approval given before is a ratification. */
export function releaseDigestOf(source: ReleaseRecord): string {
  return recordDigest({
    record: 'emergency-release',
    ...releaseOf(source),
  } as unknown as JsonObject);
}

/** What who uses a template signs: the request as it is handed in, before anything of it is captured. */
export type UseRecord = DraftRecord & { readonly template: TemplateRef };

/** SHA-256, hex, over its canonical bytes: another than that of the record, so that no use of a template is an approval. */
export function useDigestOf(source: UseRecord): string {
  return recordDigest({ record: 'standard-change', ...saidIn(source) } as unknown as JsonObject);
}
