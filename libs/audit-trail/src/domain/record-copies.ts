import type { CommandContext, Decider, DomainEvent } from '#kernel';

/** Who took which copy of the record. */
export const RECORD_COPIES_STREAM = 'record-copies';

/** What a copy is made into. */
export const COPY_FORMS = ['jsonl', 'csv', 'pdf'] as const;
export type CopyForm = (typeof COPY_FORMS)[number];

/** Said before the first byte of it goes out. What is in it follows from this, and so does its digest: what is recorded is never changed. */
export type RecordCopied = DomainEvent<
  'RecordCopied',
  {
    readonly form: CopyForm;
    /** What was searched for; empty: all of it. */
    readonly filter: Readonly<Record<string, string>>;
    /** The last position that it may have; null: there was no event yet. */
    readonly through: string | null;
  }
>;

export interface CopyRecord {
  readonly type: 'CopyRecord';
  readonly form: CopyForm;
  readonly filter: Readonly<Record<string, string>>;
  readonly through: string | null;
  readonly context: CommandContext;
}

/** Each copy is one: whoever takes it twice has two. */
export const recordCopies: Decider<CopyRecord, RecordCopied, null> & {
  readonly versions: { readonly RecordCopied: 1 };
} = {
  initialState: null,
  versions: { RecordCopied: 1 },
  decide: ({ form, filter, through }) => [{ type: 'RecordCopied', data: { form, filter, through } }],
  evolve: () => null,
};
