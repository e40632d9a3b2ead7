import type { CommandContext, Decider, DomainEvent } from '#kernel';

/** Who took which copy of the record. */
export const RECORD_COPIES_STREAM = 'record-copies';

/** What a copy is made into. */
export const COPY_FORMS = ['jsonl', 'csv', 'pdf'] as const;
export type CopyForm = (typeof COPY_FORMS)[number];

/** Papers that are made of what control shows, for people to read: PDF. */
export const PAPERS = ['change-request', 'agenda', 'minutes', 'review'] as const;
export type PaperKind = (typeof PAPERS)[number];

/** What was copied, and into what. Without `of`: the trail, or what was searched for in it. */
export type Copied =
  | { readonly form: CopyForm; readonly of?: undefined }
  | { readonly form: 'pdf'; readonly of: PaperKind }
  /** The sealed record with its key and what reads it. */
  | { readonly form: 'files'; readonly of: 'bundle' };

/** Said before the first byte of it goes out. What is in it follows from this, and so does its digest: what is recorded is never changed. */
export type RecordCopied = DomainEvent<
  'RecordCopied',
  Copied & {
    /** What was searched for, or of what a paper is; empty: all of it. */
    readonly filter: Readonly<Record<string, string>>;
    /** The last position that it may have; null: there was no event yet. */
    readonly through: string | null;
  }
>;

export type CopyRecord = Copied & {
  readonly type: 'CopyRecord';
  readonly filter: Readonly<Record<string, string>>;
  readonly through: string | null;
  readonly context: CommandContext;
};

/** Each copy is one: whoever takes it twice has two. */
export const recordCopies: Decider<CopyRecord, RecordCopied, null> & {
  readonly versions: { readonly RecordCopied: 2 };
} = {
  initialState: null,
  // Version 2: papers and bundles too.
  versions: { RecordCopied: 2 },
  decide: ({ type: _, context: __, ...copied }) => [{ type: 'RecordCopied', data: copied }],
  evolve: () => null,
};
