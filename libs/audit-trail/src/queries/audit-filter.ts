/** What is searched for: who, what, when and why. All that is given has to hold. */
export interface AuditFilter {
  /** Events behind this position. */
  readonly after?: string | undefined;
  /** The id of a person, service or token, or a person's name, which finds what their tokens did as well. */
  readonly actor?: string | undefined;
  readonly type?: string | undefined;
  readonly stream?: string | undefined;
  /** The code of the reason. */
  readonly reason?: string | undefined;
  /** What the text of the reason contains, whatever the case. */
  readonly text?: string | undefined;
  /** The ticket that the reason, or what is recorded, names. */
  readonly ticket?: string | undefined;
  /** RFC 3339; `from` is included, `to` is not. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Which events come first. */
export const ORDERS = ['oldest', 'newest'] as const;
export type Order = (typeof ORDERS)[number];

/**
 * Only what is asked for is in the statement, so that each filter has its index but the words and the ticket, which each row is read for. `?` stands for the value. A body is in
 * its canonical form (RFC 8785): what is a member of it stands there in one way, and within no text.
 */
const CONDITIONS = {
  after: 'position > ?::bigint',
  actor: '(actor = ? or actor_name = ?)',
  type: 'type = ?',
  stream: 'stream = ?',
  reason: 'reason_code = ?',
  text: 'strpos(lower(reason_text), lower(?)) > 0',
  ticket: 'strpos(body::text, ?) > 0',
  from: 'at >= ?::timestamptz',
  to: 'at < ?::timestamptz',
} as const;

/** As `after` is meant where the newest come first. */
const BEFORE = 'position < ?::bigint';

/** The filter as conditions of a statement over the trail, with their values from $1 on. @param order what `after` is behind in */
export function whereOf(
  filter: AuditFilter,
  order: Order = 'oldest',
): {
  readonly conditions: readonly string[];
  readonly values: readonly string[];
} {
  const conditions: string[] = [];
  const values: string[] = [];
  for (const [name, condition] of Object.entries(CONDITIONS)) {
    const value = filter[name as keyof typeof CONDITIONS];
    if (value === undefined) continue;
    values.push(name === 'ticket' ? `"ticket":${JSON.stringify(value)}` : value);
    const shown = name === 'after' && order === 'newest' ? BEFORE : condition;
    conditions.push(shown.replaceAll('?', `$${values.length}`));
  }
  return { conditions, values };
}
