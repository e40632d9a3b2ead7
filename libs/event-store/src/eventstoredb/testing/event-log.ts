/** An event as the server keeps it. */
export interface LogRecord {
  /** Where in the log it begins: numbers with holes, as in the product. */
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export type ProposedEvent = Pick<LogRecord, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;

/** A revision, or one of the words of the protocol. */
export type Expected = bigint | 'no-stream' | 'any' | 'stream-exists';

export type Written =
  | { readonly outcome: 'written' | 'repeated'; readonly last: LogRecord }
  /** `current` null: there is no such stream. */
  | { readonly outcome: 'conflict'; readonly current: bigint | null };

/** Between one record and the next, so that positions are not counts. */
const OVERHEAD = 61;
/** The server writes something of its own after so many appends: it does so in real life, and readers must leave it out. */
const OWN_EVENT_AFTER = 5;

/** The server's log: its appends are atomic, as JavaScript is. Outlives the server that is stopped and started again. */
export class EventLog {
  readonly records: LogRecord[] = [];
  private readonly streams = new Map<string, LogRecord[]>();
  private readonly listeners = new Set<(records: readonly LogRecord[]) => void>();
  private end = 0n;
  private appends = 0;

  stream(name: string): readonly LogRecord[] {
    return this.streams.get(name) ?? [];
  }

  /**
   * Idempotent as the product is at an expected revision: events whose ids stand there already, in order, are answered as written, whatever
   * else they hold.
   */
  append(stream: string, expected: Expected, events: readonly ProposedEvent[]): Written {
    const held = this.stream(stream);
    const current = held.length === 0 ? null : BigInt(held.length - 1);
    if (!isAsExpected(expected, current)) {
      const from = typeof expected === 'bigint' ? expected + 1n : 0n;
      const there = held.slice(Number(from), Number(from) + events.length);
      const last = there.at(-1);
      if (last && there.length === events.length && there.every(({ id }, i) => id === events[i]?.id))
        return { outcome: 'repeated', last };
      return { outcome: 'conflict', current };
    }
    const records = events.map((event) => this.write(stream, event));
    this.appends += 1;
    if (this.appends % OWN_EVENT_AFTER === 0) records.push(this.write('$stats-127.0.0.1:2113', statistics()));
    for (const listener of this.listeners) listener(records);
    const last = records.findLast((record) => record.stream === stream);
    if (!last) throw new Error('an append without events');
    return { outcome: 'written', last };
  }

  /** The records from a position on, at most `count`. */
  from(position: bigint, count: number): readonly LogRecord[] {
    let [low, high] = [0, this.records.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.records[middle]?.position ?? 0n) < position) low = middle + 1;
      else high = middle;
    }
    return this.records.slice(low, low + count);
  }

  /** @returns what ends it */
  listen(listener: (records: readonly LogRecord[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private write(stream: string, event: ProposedEvent): LogRecord {
    const held = this.streams.get(stream) ?? [];
    const record = { ...event, stream, revision: BigInt(held.length), position: this.end };
    held.push(record);
    this.streams.set(stream, held);
    this.records.push(record);
    this.end += BigInt(OVERHEAD + event.data.length + event.metadata.length);
    return record;
  }
}

function isAsExpected(expected: Expected, current: bigint | null): boolean {
  switch (expected) {
    case 'any':
      return true;
    case 'no-stream':
      return current === null;
    case 'stream-exists':
      return current !== null;
    default:
      return current === expected;
  }
}

function statistics(): ProposedEvent {
  return {
    id: crypto.randomUUID(),
    type: '$statsCollected',
    contentType: 'application/json',
    data: Buffer.from('{"proc-cpu":0.5}'),
    metadata: new Uint8Array(),
  };
}
