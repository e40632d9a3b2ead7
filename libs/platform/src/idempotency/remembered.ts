export const HOUR_MS = 3_600_000;

/** A key is remembered for a day: longer than anybody goes on trying, and no longer than secrets should lie about. */
export const REMEMBERED_HOURS = 24;
