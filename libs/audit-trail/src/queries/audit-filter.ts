/** What is searched for: who, what, when and why. All that is given has to hold. */
export interface AuditFilter {
  /** Events behind this position. */
  readonly after?: string | undefined;
  /** The id of a person, service or token, or a person's name, which finds what their tokens did as well. */
  readonly actor?: string | undefined;
  readonly type?: string | undefined;
  readonly stream?: string | undefined;
  readonly reason?: string | undefined;
  /** RFC 3339; `from` is included, `to` is not. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Only what is asked for is in the statement, so that each filter has its index. `?` stands for the value. */
const CONDITIONS = {
  after: 'position > ?::bigint',
  actor: '(actor = ? or actor_name = ?)',
  type: 'type = ?',
  stream: 'stream = ?',
  reason: 'reason_code = ?',
  from: 'at >= ?::timestamptz',
  to: 'at < ?::timestamptz',
} as const;

/** The filter as conditions of a statement over the trail, with their values from $1 on. */
export function whereOf(filter: AuditFilter): {
  readonly conditions: readonly string[];
  readonly values: readonly string[];
} {
  const conditions: string[] = [];
  const values: string[] = [];
  for (const [name, condition] of Object.entries(CONDITIONS)) {
    const value = filter[name as keyof typeof CONDITIONS];
    if (value === undefined) continue;
    values.push(value);
    conditions.push(condition.replaceAll('?', `$${values.length}`));
  }
  return { conditions, values };
}
