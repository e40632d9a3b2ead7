/** Bytes of the record for how all versions differ, and for each at least and at most: an append has 8 MiB, and of each item there may be several targets. */
const DIFFERENCES = { all: 800_000, least: 600, most: 6_000 };

/** Bytes for how one version differs from another, where so many are compared. */
export function roomFor(count: number): number {
  const { all, least, most } = DIFFERENCES;
  return Math.max(least, Math.min(most, Math.floor(all / count)));
}
