/** SQL: a `timestamptz` as the API says times, RFC 3339 in UTC with milliseconds; null for null. @param column a column's name, from the source alone */
export function utc(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
