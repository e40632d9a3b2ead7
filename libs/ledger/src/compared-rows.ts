import { decodeEvent, KernelError, type EventEnvelope } from '#kernel';

/** An event as the database holds it. */
export interface DatabaseRow {
  readonly position: bigint;
  readonly bytes: Uint8Array;
  /** By what a table finds it, beside its bytes; absent where there is no such thing beside them. */
  readonly foundBy?: {
    readonly stream: string;
    readonly streamRevision: string;
    readonly id: string;
    readonly type: string;
    readonly appendFirst: string;
  };
}

export interface Difference {
  readonly position: bigint;
  /**
   * `differs`: other bytes than were sealed, or under another stream, number, id, type or append than they say. `missing`: sealed, and not in the database.
   * `extra`: in the database a second time, or out of order. `unsealed`: newer than the checkpoint, which is no fault while the projector is at work.
   */
  readonly kind: 'differs' | 'missing' | 'extra' | 'unsealed';
}

/** A database's rows, in order of their positions, held against the entries of a ledger, one after the other. */
export class ComparedRows {
  private readonly iterator: AsyncIterator<DatabaseRow>;
  private row: Promise<DatabaseRow | undefined> | undefined;

  constructor(
    rows: AsyncIterable<DatabaseRow>,
    private readonly differs: (difference: Difference) => void,
  ) {
    this.iterator = rows[Symbol.asyncIterator]();
  }

  /** The next entry: positions follow one another. */
  async compare(position: bigint, entry: Uint8Array): Promise<void> {
    let row = await this.current();
    for (; row && row.position < position; row = await this.next())
      this.differs({ position: row.position, kind: 'extra' });
    if (row?.position !== position) {
      this.differs({ position, kind: 'missing' });
      return;
    }
    if (Buffer.compare(row.bytes, entry) !== 0 || !isWhereItBelongs(row))
      this.differs({ position, kind: 'differs' });
    await this.next();
  }

  /** What stands behind the last entry. @param size of the ledger */
  async rest(size: bigint): Promise<void> {
    for (let row = await this.current(); row; row = await this.next())
      this.differs({ position: row.position, kind: row.position < size ? 'extra' : 'unsealed' });
  }

  /** The rows behind are read no more. */
  async close(): Promise<void> {
    await this.iterator.return?.();
  }

  private current(): Promise<DatabaseRow | undefined> {
    return (this.row ??= this.read());
  }

  private next(): Promise<DatabaseRow | undefined> {
    return (this.row = this.read());
  }

  private async read(): Promise<DatabaseRow | undefined> {
    const result = await this.iterator.next();
    return result.done === true ? undefined : result.value;
  }
}

/** Deciders read what the table has under a stream: bytes that are whole, and stand elsewhere, are a history without them. */
function isWhereItBelongs({ position, bytes, foundBy }: DatabaseRow): boolean {
  if (foundBy === undefined) return true;
  const event = eventIn(bytes);
  if (event === undefined) return true;
  const { stream, streamRevision, id, type, part } = event;
  return (
    foundBy.stream === stream &&
    foundBy.streamRevision === String(streamRevision) &&
    foundBy.id === id &&
    foundBy.type === type &&
    BigInt(foundBy.appendFirst) === position - BigInt(part[0] - 1)
  );
}

/** Undefined where the bytes that were sealed are no event, and say of no place that it is theirs. */
function eventIn(bytes: Uint8Array): EventEnvelope | undefined {
  try {
    return decodeEvent(bytes);
  } catch (error) {
    if (error instanceof KernelError) return undefined;
    throw error;
  }
}
