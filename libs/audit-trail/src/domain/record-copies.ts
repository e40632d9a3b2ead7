import type { CommandContext, Decider, DomainEvent } from '#kernel';

/** Who took which copy of the record. */
export const RECORD_COPIES_STREAM = 'record-copies';

/** What a copy is made into. */
export const COPY_FORMS = ['jsonl', 'csv', 'pdf'] as const;
export type CopyForm = (typeof COPY_FORMS)[number];

/** Papers that are made of what control shows, for people to read: PDF. */
export const PAPERS = ['change-request', 'agenda', 'minutes', 'review'] as const;
export type PaperKind = (typeof PAPERS)[number];

/** What a paper or a bundle is of, beside its kind: of which record; of minutes, of which time. */
export const ABOUT = ['id', 'from', 'to'] as const;
export type About = Partial<Readonly<Record<(typeof ABOUT)[number], string>>>;

/** Of each kind, exactly what has to be said. */
const SAID: Readonly<Record<PaperKind | 'bundle', readonly (keyof About)[]>> = {
  'change-request': ['id'],
  review: ['id'],
  agenda: [],
  minutes: ['from', 'to'],
  bundle: [],
};
const IDS: Partial<Readonly<Record<PaperKind | 'bundle', RegExp>>> = {
  'change-request': /^CR-[0-9]{4}-[0-9]{1,12}$/,
  review: /^(AR|PR|TR)-[0-9]{1,12}$/,
};

/**
 * What is wrong with what a copy is said to be of, in words that follow "a copy of this kind"; undefined: nothing is.
 * @param about times in RFC 3339, UTC
 */
export function faultOfCopy(of: PaperKind | 'bundle', about: About): string | undefined {
  const needed = SAID[of];
  const missing = needed.find((member) => about[member] === undefined);
  if (missing !== undefined) return `is of one that is named: "${missing}" is missing`;
  const other = ABOUT.find((member) => about[member] !== undefined && !needed.includes(member));
  if (other !== undefined) return `has no "${other}"`;
  const { id, from, to } = about;
  if (id !== undefined && IDS[of]?.test(id) === false) return `is of none that is called "${id}"`;
  return from !== undefined && to !== undefined && from >= to ? 'ends after it begins' : undefined;
}

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
