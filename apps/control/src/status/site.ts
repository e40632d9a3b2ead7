/** What the launcher says of the site. */
export interface Site {
  /** The log's name (architecture, §15). */
  readonly origin: string;
  /** Whether PostgreSQL is the embedded one, which is for evaluation. */
  readonly evaluationDatabase: boolean;
}

export const SITE = Symbol('Site');
