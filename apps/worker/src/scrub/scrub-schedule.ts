import { setTimeout as pause } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Clock } from '#kernel';
import type { ScrubbedBlobs } from '#blob-store/port';
import type { Damage } from '#catalog/domain/kept-blobs/kept-blobs';
import type { ScrubPositions } from '#catalog/scrub/scrub-position';
import type { ScrubRecord } from '#catalog/scrub/scrub-record';
import { scrubSlice } from '#catalog/scrub/scrub-slice';
import type { AttachmentReader } from '#release-control/attachments/attachment-reader';
import { scrubAttachments, type AttachmentRecord } from '#release-control/attachments/scrub-attachments';
import type { Logger } from '#platform/logging/logger';
import type { ScrubMetrics } from './scrub-metrics.js';

export interface ScrubSettings {
  /** Minutes from one slice to the next; 0: never. */
  readonly everyMinutes: number;
  /** Bytes. */
  readonly sliceBytes: number;
}

export interface ScrubParts {
  readonly blobs: ScrubbedBlobs;
  /** Blobs that opening the store has found damaged, and quarantined. */
  readonly found: readonly Damage[];
  readonly record: ScrubRecord;
  /** Read at the end of each round. */
  readonly attachments: { readonly reader: AttachmentReader; readonly record: AttachmentRecord };
  readonly positions: ScrubPositions;
  readonly metrics: ScrubMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

const MINUTE_MS = 60_000;

/** Reads a slice of the kept blobs again and again, for as long as the application runs, so that all are read in time. */
export class ScrubSchedule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private unrecorded: readonly Damage[];
  private readonly record: ScrubRecord;

  constructor(
    private readonly settings: ScrubSettings,
    private readonly parts: ScrubParts,
  ) {
    this.unrecorded = parts.found;
    this.record = { ...parts.record, reportDamage: (damage) => this.reportDamage(damage) };
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** A blob that is being read is left: it is read again. A finding that is being recorded is recorded. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('the worker is stopping'));
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const wait = await this.tryOnce();
      if (wait === undefined) return;
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Records what is unrecorded, and reads a slice if one is due. @returns milliseconds to the next try; undefined: never */
  private async tryOnce(): Promise<number | undefined> {
    const { metrics, logger } = this.parts;
    try {
      await this.recordFound();
      if (this.settings.everyMinutes === 0) return undefined;
      if ((await this.untilDue()) === 0) await this.slice();
      return await this.untilDue();
    } catch (error) {
      if (this.stopping.signal.aborted) return undefined;
      metrics.failed();
      logger.warn({ err: error }, 'kept blobs could not be read again or recorded, it is tried later');
      return MINUTE_MS;
    }
  }

  private async recordFound(): Promise<void> {
    const [damage, ...rest] = this.unrecorded;
    if (damage === undefined) return;
    await this.record.reportDamage(damage);
    this.unrecorded = rest;
    await this.recordFound();
  }

  /** Said before it is recorded: the log is there when the event store is not. */
  private async reportDamage(damage: Damage): Promise<void> {
    this.parts.metrics.damaged();
    this.parts.logger.error({ blob: damage }, 'a kept blob is damaged: capture it again');
    await this.parts.record.reportDamage(damage);
  }

  /** By the time of the last slice, so that a worker that is often restarted gets on as well. A clock that went back delays nothing. */
  private async untilDue(): Promise<number> {
    const { positions, clock, metrics } = this.parts;
    const every = this.settings.everyMinutes * MINUTE_MS;
    const position = await positions.load();
    metrics.stands(position);
    if (position.sliceAt === undefined) return 0;
    const since = Date.parse(clock.now()) - Date.parse(position.sliceAt);
    return since < 0 ? 0 : Math.max(0, every - since);
  }

  /** Said before it is recorded, as of a blob. */
  private async readAttachments(): Promise<void> {
    const { attachments, metrics, logger } = this.parts;
    const { reader, record } = attachments;
    const reportDamage: AttachmentRecord['reportDamage'] = async (damage) => {
      metrics.damaged();
      logger.error({ attachment: damage }, 'an attachment is damaged: bring the database back from a backup');
      await record.reportDamage(damage);
    };
    await scrubAttachments(reader, { ...record, reportDamage }, this.stopping.signal);
  }

  private async slice(): Promise<void> {
    const { blobs, positions, metrics, clock, logger } = this.parts;
    const { after, roundAt } = await positions.load();
    const scrubbed = await scrubSlice(
      { after, bytes: this.settings.sliceBytes },
      { blobs, record: this.record, signal: this.stopping.signal },
    );
    metrics.sliced(scrubbed);
    if (scrubbed.after === undefined) await this.readAttachments();
    const now = clock.now();
    const position = {
      after: scrubbed.after,
      sliceAt: now,
      roundAt: scrubbed.after === undefined ? now : roundAt,
    };
    await positions.save(position);
    metrics.stands(position);
    const { restored } = scrubbed;
    if (restored.length > 0) logger.info({ blobs: restored }, 'kept blobs that were damaged are whole again');
  }
}
