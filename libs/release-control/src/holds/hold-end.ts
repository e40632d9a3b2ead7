/** ISO 8601 knows weeks and days of the year as well, which no Date reads; and a time in nobody's zone would be a guess. */
export const HOLD_END = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:\d{2}))?$/;
