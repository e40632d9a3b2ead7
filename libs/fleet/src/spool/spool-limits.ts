export interface SpoolLimits {
  /** Bytes of all segments: what comes while there is no room is dropped, and counted. */
  readonly bytes: number;
  /** Bytes of one segment, which becomes one batch. */
  readonly segmentBytes: number;
  /** Records of one segment. */
  readonly segmentRecords: number;
  /** Milliseconds that a segment waits for more records before it is given out: each becomes an event at least. */
  readonly restMs: number;
  /** Milliseconds in which what was written reaches the disk. */
  readonly syncMs: number;
}

/** About three quarters of a million records; a batch of at most 180 KiB, since control takes 256 KiB. */
export const SPOOL_LIMITS: SpoolLimits = {
  bytes: 256 * 1024 * 1024,
  segmentBytes: 180 * 1024,
  segmentRecords: 1_000,
  restMs: 10_000,
  syncMs: 200,
};
