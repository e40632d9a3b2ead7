import { closeSync, fdatasync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { DeliveryRecord } from '../domain/deliveries/record.js';
import { DroppedRecords } from './dropped-records.js';
import { lineOf, linesOf } from './line.js';
import { SPOOL_LIMITS, type SpoolLimits } from './spool-limits.js';
import { checkedContents, segmentName, segmentNumber, writtenRecords, type Segment } from './segment.js';

const datasync = promisify(fdatasync);

/** Milliseconds that a disk which failed is left alone: each attempt is a file. */
const PAUSE_MS = 1_000;

const NOTHING_WAITS = Promise.resolve();

interface Current {
  readonly number: number;
  readonly fd: number;
  bytes: number;
  records: number;
  readonly since: string;
}

/**
 * What a node has still to hand over, on its disk: segments of lines, each a record in its canonical form (RFC 8785), written in order and never changed:
 * what is signed and sent is made of them as they are. What is added in one turn of the event loop is one write at its end, and `written` is done when the operating system has it: an
 * answer that waits for that is on record whoever kills the process (ADR 0015). The disk has it within `syncMs`. Nothing here fails: serving comes first. A line
 * without its end is none. One writer.
 */
export class Spool {
  private current: Current | undefined;
  private readonly dropped = new DroppedRecords();
  /** What was added in this turn of the event loop. */
  private waiting: DeliveryRecord[] = [];
  /** Its end. */
  private turn: Promise<void> | undefined;
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
    this.writeWaiting();
    const oldest = this.sealed.find(({ records }) => records > 0)?.since ?? this.current?.since ?? null;
    const records = this.sealed.reduce((sum, each) => sum + each.records, this.current?.records ?? 0);
    return { records, since: records > 0 ? oldest : null };
  }

  /** It is written at the end of this turn of the event loop. */
  add(record: DeliveryRecord): void {
    if (this.closing) return;
    this.waiting.push(record);
    this.turn ??= new Promise((done) => {
      setImmediate(() => {
        this.turn = undefined;
        this.writeWaiting();
        done();
      });
    });
  }

  /** Done when the operating system has what was added, or it is counted as dropped. */
  written(): Promise<void> {
    return this.turn ?? NOTHING_WAITS;
  }

  /** The oldest segment, sealed if it was being written and has waited long enough; undefined when there is none. */
  async oldest(): Promise<Segment | undefined> {
    this.writeWaiting();
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
    this.writeWaiting();
    this.tellDropped();
    this.closing = true;
    this.seal();
    await this.syncing;
  }

  /** As many lines in one write as the segment has room for. */
  private writeWaiting(): void {
    if (this.waiting.length === 0) return;
    const records = this.waiting;
    this.waiting = [];
    let [text, of]: [string, DeliveryRecord[]] = ['', []];
    const unspelled = ({ at }: DeliveryRecord, error: unknown) => {
      this.failed(error);
      this.dropped.count(at);
    };
    for (const [record, line] of linesOf(records, unspelled)) {
      if (of.length > 0 && !this.hasRoom(text.length + line.length, of.length + 1)) {
        this.put(text, of);
        [text, of] = ['', []];
      }
      text += line;
      of.push(record);
    }
    if (of.length > 0) this.put(text, of);
  }

  /** In the segment that is being written. */
  private hasRoom(bytes: number, records: number): boolean {
    const { current } = this;
    return (
      (current?.bytes ?? 0) + bytes <= this.limits.segmentBytes &&
      (current?.records ?? 0) + records <= this.limits.segmentRecords
    );
  }

  private put(text: string, of: readonly DeliveryRecord[]): void {
    const bytes = this.sealedBytes + (this.current?.bytes ?? 0) + text.length;
    const takes = bytes <= this.limits.bytes && Date.now() >= this.notBefore && this.tellDropped();
    const written = takes ? this.write(text, of.length) : 0;
    for (const { at } of of.slice(written)) this.dropped.count(at);
  }

  /** As soon as there is room again: before what comes now. @returns false where there is none */
  private tellDropped(): boolean {
    return this.dropped.tell((record) => this.write(lineOf(record), 1) === 1);
  }

  /** @returns how many of the lines are in a segment, whole */
  private write(text: string, lines: number): number {
    let whole = 0;
    try {
      const current = this.segmentFor(text.length, lines);
      const written = writeSync(current.fd, text, null, 'latin1');
      whole = written < text.length ? text.slice(0, written).split('\n').length - 1 : lines;
      current.bytes += written;
      current.records += whole;
      if (whole < lines) throw new Error(`of ${text.length} bytes the disk took ${written}`);
      if (current.records >= this.limits.segmentRecords) this.seal();
      else this.syncLater();
    } catch (error) {
      this.failed(error);
      this.notBefore = Date.now() + PAUSE_MS;
      // Half a line may be there: nothing is written after it.
      this.seal();
    }
    return whole;
  }

  private segmentFor(bytes: number, records: number): Current {
    if (this.current && !this.hasRoom(bytes, records)) this.seal();
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
