import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { DeliveryRecord } from '../domain/deliveries/record.js';
import { SPOOL_LIMITS, type SpoolLimits } from './spool-limits.js';
import { readSegment, segmentName, segmentNumber, type Segment } from './segment.js';

/** What waits in memory for a disk that is slow, in bytes: more is dropped. */
const MOST_WAITING = 4 * 1024 * 1024;

interface Current {
  readonly number: number;
  readonly file: FileHandle;
  bytes: number;
  records: number;
  since: string;
}

/**
 * What a node has still to hand over, on its disk: segments of lines, each a record in JSON, written in order and never changed. `add` does not wait
 * for the disk, and never fails: serving comes first. Whoever kills the process loses at most what it was just writing; a line without its end is
 * none. One writer.
 */
export class Spool {
  private waiting: string[] = [];
  private waitingBytes = 0;
  private dropped: { at: string; until: string; count: number } | undefined;
  private current: Current | undefined;
  private writing: Promise<void> | undefined;
  private unsynced = false;
  private syncTimer: NodeJS.Timeout | undefined;
  private sealWanted = false;
  private closing = false;

  private constructor(
    private readonly folder: string,
    private readonly limits: SpoolLimits,
    private readonly failed: (error: unknown) => void,
    private readonly sealed: Segment[],
    private next: number,
  ) {}

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
      const { records, bytes } = await readSegment(path.join(folder, segmentName(number)));
      sealed.push({ number, bytes, records: records.length, since: records[0]?.at ?? null });
    }
    return new Spool(folder, limits, failed, sealed, Math.max(after, numbers.at(-1) ?? 0) + 1);
  }

  /** Records that wait, and when the oldest of them was made. */
  backlog(): { readonly records: number; readonly since: string | null } {
    const oldest = this.sealed.find(({ records }) => records > 0)?.since ?? this.current?.since ?? null;
    const kept = this.sealed.reduce((sum, { records }) => sum + records, 0);
    const records = kept + (this.current?.records ?? 0) + this.waiting.length;
    return { records, since: records > 0 ? oldest : null };
  }

  add(record: DeliveryRecord): void {
    if (this.closing) return;
    const line = `${JSON.stringify(record)}\n`;
    if (this.waitingBytes + line.length > MOST_WAITING || this.bytes() + line.length > this.limits.bytes) {
      this.drop(record.at);
      return;
    }
    if (this.dropped) this.tellDropped();
    this.push(line);
  }

  /** The oldest segment, sealed if it was being written and has waited long enough; undefined when there is none. */
  async oldest(): Promise<Segment | undefined> {
    if (this.sealed.length === 0 && this.hasRested()) await this.flush();
    return this.sealed[0];
  }

  private hasRested(): boolean {
    if (!this.current) return this.waiting.length > 0 && this.limits.restMs === 0;
    const age = Date.now() - Date.parse(this.current.since);
    // A clock that went back is not waited for.
    return age >= this.limits.restMs || age < 0;
  }

  /** Its whole lines: the same ones each time. */
  async read(number: number): Promise<readonly DeliveryRecord[]> {
    return (await readSegment(path.join(this.folder, segmentName(number)))).records;
  }

  /** It was handed over. */
  async remove(number: number): Promise<void> {
    await rm(path.join(this.folder, segmentName(number)), { force: true });
    const at = this.sealed.findIndex((segment) => segment.number === number);
    if (at >= 0) this.sealed.splice(at, 1);
  }

  /** What came before is on the disk; what comes after is not taken. */
  async close(): Promise<void> {
    if (this.dropped) this.tellDropped();
    this.closing = true;
    await this.flush();
  }

  private bytes(): number {
    return this.sealed.reduce(
      (sum, { bytes }) => sum + bytes,
      this.waitingBytes + (this.current?.bytes ?? 0),
    );
  }

  private drop(at: string, more = 1): void {
    if (more === 0) return;
    this.dropped = { at: this.dropped?.at ?? at, until: at, count: (this.dropped?.count ?? 0) + more };
  }

  /** As soon as there is room again: before what comes now. */
  private tellDropped(): void {
    if (!this.dropped) return;
    const { at, until, count } = this.dropped;
    this.dropped = undefined;
    this.push(`${JSON.stringify({ at, what: 'dropped', until, count } satisfies DeliveryRecord)}\n`);
  }

  private push(line: string): void {
    this.waiting.push(line);
    this.waitingBytes += line.length;
    this.writing ??= this.write();
  }

  /** Everything that was added before is in sealed segments. */
  private async flush(): Promise<void> {
    this.sealWanted = true;
    this.writing ??= this.write();
    await this.writing;
  }

  /** The only one that touches the file that is written. As fast as the disk takes it: what comes meanwhile goes with the next write. */
  private async write(): Promise<void> {
    // So that what the answers of one turn of the event loop deliver is one write.
    await new Promise(setImmediate);
    try {
      while (this.waiting.length > 0 || this.sealWanted) {
        if (this.waiting.length > 0) await this.writeSome();
        if (this.waiting.length > 0 || !this.sealWanted) continue;
        this.sealWanted = false;
        await this.seal();
      }
    } catch (error) {
      this.failed(error);
      await this.giveUp();
    } finally {
      this.writing = undefined;
    }
  }

  private async writeSome(): Promise<void> {
    const current = (this.current ??= await this.begin());
    const lines = this.take(current);
    if (lines.length === 0) return await this.seal();
    const text = lines.join('');
    this.waitingBytes -= text.length;
    try {
      await current.file.appendFile(text);
    } catch (error) {
      // Some of them may be there all the same: better counted as lost than lost uncounted.
      this.drop(new Date().toISOString(), lines.length);
      throw error;
    }
    current.records += lines.length;
    current.bytes += text.length;
    this.syncLater();
  }

  /** What still fits into the segment. */
  private take({ records, bytes }: Current): readonly string[] {
    const room = this.limits.segmentRecords - records;
    let count = 0;
    let end = bytes;
    for (const { length } of this.waiting.slice(0, room)) {
      if (end + length > this.limits.segmentBytes && end > 0) break;
      end += length;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async begin(): Promise<Current> {
    const number = this.next++;
    const file = await open(path.join(this.folder, segmentName(number)), 'ax', 0o600);
    return { number, file, bytes: 0, records: 0, since: new Date().toISOString() };
  }

  /** A disk that fails: what could not be written is counted, and the next records try another segment. */
  private async giveUp(): Promise<void> {
    this.drop(new Date().toISOString(), this.waiting.splice(0).length);
    this.waitingBytes = 0;
    this.sealWanted = false;
    await this.seal().catch(() => {
      this.current = undefined;
    });
  }

  private syncLater(): void {
    this.unsynced = true;
    this.syncTimer ??= setTimeout(() => {
      this.syncTimer = undefined;
      if (!this.unsynced || !this.current) return;
      this.unsynced = false;
      this.current.file.datasync().catch(this.failed);
    }, this.limits.syncMs);
  }

  private async seal(): Promise<void> {
    const { current } = this;
    if (!current) return;
    clearTimeout(this.syncTimer);
    this.syncTimer = undefined;
    this.current = undefined;
    const { number, bytes, records, since, file } = current;
    this.sealed.push({ number, bytes, records, since });
    try {
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}
