import { decodeEvent, KernelError, type EventEnvelope } from '#kernel';
import type { EventToAppend } from '#event-store/port';
import { BackupError } from '../backup/errors.js';

/** An append as it was once made, read from its events' bytes. */
export interface HistoricAppend {
  /** Position of its first event. */
  readonly first: bigint;
  readonly stream: string;
  /** The stream's revision before it; -1n for its first. */
  readonly expected: bigint;
  readonly events: readonly EventToAppend[];
}

/**
 * Puts a history's bytes together to the appends that they were written by: an event says its stream, its number in it and which part of its
 * append it is, so no other record of that is needed. Give it every event, from position 0 on.
 */
export class WholeAppends {
  private readonly revisions = new Map<string, bigint>();
  private readonly parts: EventToAppend[] = [];
  private stream = '';
  private count = 0;
  private position = 0n;

  /** The position of the event that comes next. */
  get next(): bigint {
    return this.position;
  }

  /**
   * @returns the append that this event completes; undefined within one
   * @throws BackupError `history-differs` when it is no event, or cannot stand at its place
   */
  take(bytes: Uint8Array): HistoricAppend | undefined {
    const envelope = this.decode(bytes);
    const { id, type, stream } = envelope;
    this.requireNextPart(envelope);
    const revision = (this.revisions.get(stream) ?? -1n) + 1n;
    if (BigInt(envelope.streamRevision) !== revision)
      throw this.misplaced(
        `says that it is number ${envelope.streamRevision} of ${stream}, but is ${revision}`,
      );
    this.revisions.set(stream, revision);
    this.stream = stream;
    this.parts.push({ id, type, bytes });
    this.position += 1n;
    const [part, parts] = envelope.part;
    if (part < parts) return undefined;
    const count = BigInt(parts);
    return { first: this.position - count, stream, expected: revision - count, events: this.parts.splice(0) };
  }

  /** @throws BackupError `history-differs` when it ended within an append */
  finish(): void {
    if (this.parts.length > 0) throw this.misplaced(`is missing: it belongs to an append to ${this.stream}`);
  }

  private decode(bytes: Uint8Array): EventEnvelope {
    try {
      return decodeEvent(bytes);
    } catch (cause) {
      if (!(cause instanceof KernelError)) throw cause;
      throw this.misplaced(`cannot be read: ${cause.message}`, cause);
    }
  }

  private requireNextPart({ part: [part, parts], stream }: EventEnvelope): void {
    const before = this.parts.length;
    const same = before === 0 || (stream === this.stream && parts === this.count);
    if (part === before + 1 && same) {
      this.count = parts;
      return;
    }
    throw this.misplaced(`says that it is part ${part} of ${parts} for ${stream}, behind ${before} parts`);
  }

  private misplaced(how: string, cause?: unknown): BackupError {
    return new BackupError('history-differs', `the event at position ${this.position} ${how}`, { cause });
  }
}
