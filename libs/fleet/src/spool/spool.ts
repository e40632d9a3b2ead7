import { closeSync, fdatasync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { canonicalJson } from '#kernel';
import type { DeliveryRecord, Offered } from '../domain/deliveries/record.js';
import { SPOOL_LIMITS, type SpoolLimits } from './spool-limits.js';
import { checkedContents, segmentName, segmentNumber, writtenRecords, type Segment } from './segment.js';

const datasync = promisify(fdatasync);

/** Milliseconds that a disk which failed is left alone: each attempt is a file. */
const PAUSE_MS = 1_000;

interface Current {
  readonly number: number;
  readonly fd: number;
  bytes: number;
  records: number;
  readonly since: string;
}

interface Dropped {
  readonly at: string;
  readonly until: string;
  readonly count: number;
}

/**
 * What a node has still to hand over, on its disk: segments of lines, each a record in its canonical form (RFC 8785), written in order and never changed:
 * what is signed and sent is made of them as they are. `add` is done when the operating system has the line, so that whoever kills the process loses none
 * of those that were added (ADR 0015); the disk has it within `syncMs`. It never fails: serving comes first. A line without its end is none. One writer.
 */
export class Spool {
  private current: Current | undefined;
  private dropped: Dropped | undefined;
  /** Bytes of the sealed segments. */
  private sealedBytes: number;
  /** What the disk is asked to keep, one after the other. */
  private syncing: Promise<void> = Promise.resolve();
  private syncTimer: NodeJS.Timeout | undefined;
  /** Milliseconds since the epoch: a disk that failed is left alone until then. */
  private notBefore = 0;
  private closing = false;
  /** The first segment of this process. */
  private readonly own: number;

  private constructor(
    private readonly folder: string,
    private readonly limits: SpoolLimits,
    private readonly failed: (error: unknown) => void,
    private readonly sealed: Segment[],
    private next: number,
  ) {
    this.sealedBytes = sealed.reduce((sum, { bytes }) => sum + bytes, 0);
    this.own = next;
  }

  /**
   * Whatever an earlier process left is handed over first.
   * @param after the number of the last segment that was handed over: numbers are given once
   * @param failed told of a disk that fails
   */
  static async open(
    folder: string,
    after: number,
    failed: (error: unknown) => void,
    limits: SpoolLimits = SPOOL_LIMITS,
  ): Promise<Spool> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const numbers = (await readdir(folder))
      .flatMap((name) => segmentNumber(name) ?? [])
      .sort((a, b) => a - b);
    const sealed: Segment[] = [];
    for (const number of numbers) {
      const { lines, bytes, since } = await checkedContents(path.join(folder, segmentName(number)));
      sealed.push({ number, bytes, records: lines.length, since });
    }
    return new Spool(folder, limits, failed, sealed, Math.max(after, numbers.at(-1) ?? 0) + 1);
  }

  /** Records that wait, and when the oldest of them was made. */
  backlog(): { readonly records: number; readonly since: string | null } {
    const oldest = this.sealed.find(({ records }) => records > 0)?.since ?? this.current?.since ?? null;
    const records = this.sealed.reduce((sum, each) => sum + each.records, this.current?.records ?? 0);
    return { records, since: records > 0 ? oldest : null };
  }

  add(record: DeliveryRecord): void {
    if (this.closing) return;
    const line = lineOf(record);
    const bytes = this.sealedBytes + (this.current?.bytes ?? 0) + line.length;
    const takes = bytes <= this.limits.bytes && Date.now() >= this.notBefore;
    if (!takes || !this.tellDropped() || !this.write(line)) this.drop(record.at);
  }

  /** The oldest segment, sealed if it was being written and has waited long enough; undefined when there is none. */
  async oldest(): Promise<Segment | undefined> {
    if (this.sealed.length === 0 && this.hasRested()) this.seal();
    // What control is given is what stands there after a power cut as well: the same bytes each time.
    await this.syncing;
    return this.sealed[0];
  }

  private hasRested(): boolean {
    if (!this.current) return false;
    const age = Date.now() - Date.parse(this.current.since);
    // A clock that went back is not waited for.
    return age >= this.limits.restMs || age < 0;
  }

  /** Its records, each in its canonical form, with commas between them: the same ones each time. Empty when none is whole. */
  async read(number: number): Promise<Buffer> {
    const file = path.join(this.folder, segmentName(number));
    return number < this.own
      ? Buffer.from((await checkedContents(file)).lines.join(','), 'latin1')
      : writtenRecords(file);
  }

  /** It was handed over. */
  remove(number: number): void {
    rmSync(path.join(this.folder, segmentName(number)), { force: true });
    const at = this.sealed.findIndex((segment) => segment.number === number);
    for (const { bytes } of at < 0 ? [] : this.sealed.splice(at, 1)) this.sealedBytes -= bytes;
  }

  /** What came before is on the disk; what comes after is not taken. */
  async close(): Promise<void> {
    this.tellDropped();
    this.closing = true;
    this.seal();
    await this.syncing;
  }

  private drop(at: string): void {
    this.dropped = { at: this.dropped?.at ?? at, until: at, count: (this.dropped?.count ?? 0) + 1 };
  }

  /** As soon as there is room again: before what comes now. @returns false where there is none */
  private tellDropped(): boolean {
    if (!this.dropped) return true;
    const told = this.dropped;
    this.dropped = undefined;
    const { at, until, count } = told;
    if (this.write(lineOf({ at, what: 'dropped', until, count }))) return true;
    this.dropped = told;
    return false;
  }

  /** @returns whether the whole line is in a segment */
  private write(line: string): boolean {
    try {
      const current = this.segmentFor(line.length);
      const written = writeSync(current.fd, line, null, 'latin1');
      current.bytes += written;
      if (written < line.length) throw new Error(`of ${line.length} bytes the disk took ${written}`);
      current.records++;
      if (current.records >= this.limits.segmentRecords) this.seal();
      else this.syncLater();
      return true;
    } catch (error) {
      this.failed(error);
      this.notBefore = Date.now() + PAUSE_MS;
      // Half a line may be there: nothing is written after it.
      this.seal();
      return false;
    }
  }

  private segmentFor(bytes: number): Current {
    if (this.current && this.current.bytes + bytes > this.limits.segmentBytes) this.seal();
    return (this.current ??= this.begin());
  }

  private begin(): Current {
    const number = this.next++;
    const fd = openSync(path.join(this.folder, segmentName(number)), 'ax', 0o600);
    return { number, fd, bytes: 0, records: 0, since: new Date().toISOString() };
  }

  private seal(): void {
    if (!this.current) return;
    const { fd, ...segment } = this.current;
    this.current = undefined;
    this.sealed.push(segment);
    this.sealedBytes += segment.bytes;
    this.sync(async () => {
      try {
        await datasync(fd);
      } finally {
        closeSync(fd);
      }
    });
  }

  private syncLater(): void {
    this.syncTimer ??= setTimeout(() => {
      this.syncTimer = undefined;
      const { current } = this;
      if (current) this.sync(() => datasync(current.fd));
    }, this.limits.syncMs).unref();
  }

  private sync(step: () => Promise<void>): void {
    this.syncing = this.syncing.then(step).catch(this.failed);
  }
}

/** Of ASCII: `word` sees to that. */
function lineOf(record: DeliveryRecord): string {
  return `${record.what === 'offered' && record.member === undefined ? offeredText(record) : canonicalJson(record)}\n`;
}

/** The canonical form of what is recorded most, and before an answer is given: its names are in their order here, so that nobody has to sort them. */
function offeredText({ at, channel, device, name, position, revision, snapId, what }: Offered): string {
  const shown = device && {
    brand: device.brand,
    model: device.model,
    proof: device.proof,
    serial: device.serial,
  };
  return JSON.stringify({ at, channel, device: shown, name, position, revision, snapId, what });
}
