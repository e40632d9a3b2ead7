import type { IncomingHttpHeaders } from 'node:http';
import { compare, type Answer, type Comparison, type Question } from './compare.js';
import { decoded } from './decoded.js';
import type { Onlooker } from './pass-on.js';

/** Bytes of an answer that are compared; the largest are infos of snaps with hundreds of channels. */
export const MOST_BYTES = 2 * 1024 * 1024;
/** Without the encoding of their way. */
const MOST_DECODED = 4 * MOST_BYTES;
/** From a request's coming to its comparison. Our own answer takes some 15 s at the most. */
const PATIENCE_MS = 60_000;

/** One request whose two answers are compared: the incumbent's goes by here, ours is computed beside it. */
export class Exchange implements Onlooker {
  private pieces: Buffer[] = [];
  private bytes = 0;
  private status = 0;
  private encoding: string | undefined;
  private theirs: Answer | undefined;
  private own: Answer | undefined;
  private settled = false;
  private readonly late: NodeJS.Timeout;
  private readonly done = Promise.withResolvers<Comparison>();

  constructor(
    private readonly question: Question,
    ours: Promise<Answer>,
    patienceMs = PATIENCE_MS,
  ) {
    this.late = setTimeout(() => this.end(this.theirs ? 'ours-slow' : 'incumbent-slow'), patienceMs);
    this.late.unref();
    ours.then(
      (answer) => {
        this.own = answer;
        this.look();
      },
      () => this.end('ours-failed'),
    );
  }

  /** What came of it; rejected when the comparison itself failed, which nothing that either side says should bring about. */
  get comparison(): Promise<Comparison> {
    return this.done.promise;
  }

  begins(status: number, headers: IncomingHttpHeaders): void {
    this.status = status;
    this.encoding = headers['content-encoding'];
  }

  piece(bytes: Buffer): void {
    if (this.settled) return;
    this.bytes += bytes.length;
    if (this.bytes > MOST_BYTES) this.end('incumbent-too-long');
    else this.pieces.push(bytes);
  }

  ended(whole: boolean): void {
    if (this.settled) return;
    if (!whole) return this.end(this.status === 0 ? 'incumbent-failed' : 'broken-off');
    void decoded(Buffer.concat(this.pieces), this.encoding, MOST_DECODED).then((body) => {
      this.pieces = [];
      if (!body) return this.end('incumbent-unreadable');
      this.theirs = { status: this.status, body };
      this.look();
    });
  }

  private look(): void {
    const { theirs, own } = this;
    if (this.settled || !theirs || !own) return;
    try {
      this.end(compare(this.question, theirs, own));
    } catch (error) {
      this.done.reject(error);
      this.end('ours-failed');
    }
  }

  private end(comparison: Comparison): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.late);
    this.pieces = [];
    this.theirs = undefined;
    this.own = undefined;
    this.done.resolve(comparison);
  }
}
