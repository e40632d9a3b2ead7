import { isCurrency } from '#snap';
import type { SmallCopies } from '../downloads/small-copies.js';

/** No older answer is given: what upstream said longer ago than this is not worth more than that it cannot be asked. */
export const REMEMBERED_FOR_MS = 14 * 24 * 60 * 60 * 1000;

/** The same answer is not written again so soon: a fleet asks the same all day. */
const WRITTEN_EVERY_MS = 10 * 60 * 1000;
/** A clock that was set back makes an answer look as if it came from the future: its age is not known then. */
const AHEAD_MS = 60 * 60 * 1000;
/** More at a time are not written: they are asked again. */
const WRITES_AT_A_TIME = 64;
/** After a disk that took none: each device's question would be a line in the log. */
const PAUSE_MS = 60 * 1000;
const LARGEST_BYTES = 8 * 1024 * 1024;
/** Of what was written lately. */
const KNOWN = 20_000;

/** An answer as it came, and how long ago. */
export interface Recalled {
  readonly body: Buffer;
  readonly ageMs: number;
  /** That came with it. */
  readonly currency?: string;
}

/**
 * What upstream answered last, for when it cannot be asked. Given by name of the question (`questionName`), never for another one. It is an answer
 * like a fresh one, so that the policy is asked about it in the same way. Nobody waits for its writing, and losing it costs nothing while
 * upstream is there.
 */
export class RememberedAnswers {
  private readonly written = new Map<string, { readonly at: number; readonly mark: string }>();
  /** All that is to be written or removed, one after the other. */
  private queue: Promise<void> = Promise.resolve();
  private queued = 0;
  private pausedUntil = 0;

  /**
   * @param failed told when the disk did not take or give one
   * @param now milliseconds since the epoch
   */
  constructor(
    private readonly copies: SmallCopies,
    private readonly failed: (error: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * @param meaning changes when the answer means something else; with the same one it is written again only after a while
   * @param body made only when it is written
   * @param currency the one that upstream suggested with it
   */
  remember(question: string, meaning: string, body: () => Uint8Array, currency?: string): void {
    const at = this.now();
    const mark = currency === undefined ? meaning : `${meaning}, in ${currency}`;
    const last = this.written.get(question);
    if (last?.mark === mark && at - last.at < WRITTEN_EVERY_MS && at >= last.at) return;
    if (this.queued >= WRITES_AT_A_TIME || performance.now() < this.pausedUntil) return;
    const bytes = body();
    if (bytes.length > LARGEST_BYTES) return this.forget(question);
    this.know(question, { at, mark });
    const head = Buffer.from(`${JSON.stringify({ v: 1, question, at, currency })}\n`);
    this.inTurn(question, () => this.copies.write(question, Buffer.concat([head, bytes])));
  }

  /** Upstream took it back. */
  forget(question: string): void {
    if (!this.written.delete(question) && !this.copies.has(question)) return;
    this.inTurn(question, () => this.copies.remove(question));
  }

  /** @returns undefined for what was never answered, or too long ago, or cannot be read */
  async recall(question: string): Promise<Recalled | undefined> {
    await this.queue;
    try {
      const file = await this.copies.read(question);
      return file && this.read(file, question);
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.queue;
  }

  private read(file: Buffer, question: string): Recalled | undefined {
    const end = file.indexOf('\n');
    const head = JSON.parse(file.subarray(0, end).toString('utf8')) as Record<string, unknown>;
    // A file that got another's name answers another question.
    if (head['v'] !== 1 || head['question'] !== question || typeof head['at'] !== 'number') return undefined;
    const ageMs = this.now() - head['at'];
    if (ageMs > REMEMBERED_FOR_MS || ageMs < -AHEAD_MS) return undefined;
    const { currency } = head;
    return {
      body: file.subarray(end + 1),
      ageMs: Math.max(0, ageMs),
      ...(typeof currency === 'string' && isCurrency(currency) ? { currency } : {}),
    };
  }

  private know(question: string, known: { readonly at: number; readonly mark: string }): void {
    this.written.delete(question);
    this.written.set(question, known);
    const [oldest] = this.written.keys();
    if (this.written.size > KNOWN && oldest !== undefined) this.written.delete(oldest);
  }

  private inTurn(question: string, operation: () => Promise<void>): void {
    this.queued++;
    this.queue = this.queue
      .then(operation)
      .catch((error: unknown) => {
        this.written.delete(question);
        this.pausedUntil = performance.now() + PAUSE_MS;
        this.failed(error);
      })
      .finally(() => this.queued--);
  }
}
