/** What a printed paper says, before it has pages. */
export interface Paper {
  readonly title: string;
  /** Of the newest event that it tells of, RFC 3339: the file says it as its date. */
  readonly at: string;
  /** SHA-256, hex, of the canonical JSON of all that it was made from: on each page. */
  readonly digest: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'table'; readonly table: Table };

/** A cell's text is wrapped, and nothing of it is cut off. */
export interface Table {
  readonly columns: readonly {
    readonly header: string;
    /** Its share of the width. */ readonly share: number;
  }[];
  readonly rows: readonly (readonly string[])[];
}
