import { Counter, Gauge, type Registry } from 'prom-client';
import { within } from '#kernel';
import type { ScrubPosition } from '#catalog/scrub/scrub-position';
import type { Scrubbed } from '#catalog/scrub/scrub-slice';

/** What is counted of scrubs. */
export interface ScrubMetrics {
  damaged(): void;
  sliced(scrubbed: Scrubbed): void;
  failed(): void;
  stands(position: ScrubPosition): void;
}

/** Prometheus waits 10 s for all the metrics together. */
const PATIENCE_MS = 2_000;

/** @param damagedNow what is damaged as far as is recorded: also what another worker or a person at the host has found */
export function scrubMetrics(registry: Registry, damagedNow: () => Promise<readonly string[]>): ScrubMetrics {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const blobs = counter('holdfast_scrub_blobs_total', 'Kept blobs that were read again');
  const bytes = counter('holdfast_scrub_bytes_total', 'Bytes of kept blobs that were read again');
  const damaged = counter('holdfast_scrub_damaged_total', 'Kept blobs that were found damaged');
  const failures = counter('holdfast_scrub_failures_total', 'Slices that could not be read or recorded');
  const at = (name: string, help: string) => new Gauge({ name, help, registers });
  new Gauge({
    name: 'holdfast_kept_blobs_damaged',
    help: 'Kept blobs that are recorded as damaged and were not found whole again since',
    registers,
    async collect() {
      // While the event store is away what was known stands.
      const damaged = await within(PATIENCE_MS, damagedNow).catch(() => undefined);
      if (damaged) this.set(damaged.length);
    },
  });
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
