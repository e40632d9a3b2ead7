import { Counter, Gauge, type Registry } from 'prom-client';
import type { ScrubPosition } from '#catalog/scrub/scrub-position';
import type { Scrubbed } from '#catalog/scrub/scrub-slice';

/** What is counted of scrubs. */
export interface ScrubMetrics {
  damaged(): void;
  sliced(scrubbed: Scrubbed): void;
  failed(): void;
  stands(position: ScrubPosition): void;
}

export function scrubMetrics(registry: Registry): ScrubMetrics {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const blobs = counter('holdfast_scrub_blobs_total', 'Kept blobs that were read again');
  const bytes = counter('holdfast_scrub_bytes_total', 'Bytes of kept blobs that were read again');
  const damaged = counter('holdfast_scrub_damaged_total', 'Kept blobs that were found damaged');
  const failures = counter('holdfast_scrub_failures_total', 'Slices that could not be read or recorded');
  const at = (name: string, help: string) => new Gauge({ name, help, registers });
  const slice = at('holdfast_scrub_last_slice_timestamp_seconds', 'When a slice was last read to its end');
  const round = at('holdfast_scrub_last_round_timestamp_seconds', 'When every kept blob had last been read');
  return {
    damaged: () => damaged.inc(),
    sliced(scrubbed) {
      blobs.inc(scrubbed.blobs);
      bytes.inc(scrubbed.bytes);
    },
    failed: () => failures.inc(),
    stands({ sliceAt, roundAt }) {
      if (sliceAt !== undefined) slice.set(Date.parse(sliceAt) / 1000);
      if (roundAt !== undefined) round.set(Date.parse(roundAt) / 1000);
    },
  };
}
