import type { Clock } from '#kernel';
import type { EventStore } from '#event-store/port';
import type { Sink } from '../domain/sinks/sinks.js';
import type { Message } from './message.js';
import type { Patience, Trying } from './next-try.js';
import type { SinkPositions } from './sink-positions.js';
import type { Transport } from './transport.js';

/** Told of all that happens with a sink's messages. */
export interface SinkObserver {
  /** It can be served. @param since of the event that it does not take; null: it takes what it is told */
  opened(sink: Sink, since: string | null): void;
  /** @param note what people are to know of it all the same */
  delivered(sink: Sink, message: Message, note: string | undefined): void;
  /** One try; it is tried again, or given up. */
  tried(sink: Sink, message: Message, trying: Trying): void;
  gaveUp(sink: Sink, message: Message, trying: Trying): void;
  /** It could not be served at all, for a reason of ours; it is tried again after the pause. */
  broke(sink: Sink, error: unknown, pauseMs: number): void;
  /** To be put on record: it takes nothing. */
  failing(sink: Sink, since: string, why: string): Promise<void>;
  recovered(sink: Sink): Promise<void>;
}

export interface SinkParts {
  readonly store: Pick<EventStore, 'subscribeAll' | 'readAll' | 'compareCursors'>;
  readonly positions: Pick<SinkPositions, 'load' | 'save' | 'giveUp' | 'forgetLetters'>;
  /** @throws Error when the sink cannot be reached as it is set */
  open(sink: Sink): Promise<Transport>;
  readonly observer: SinkObserver;
  readonly clock: Clock;
  /** From 0 to 1. */
  chance(): number;
  readonly patience?: (giveUpAfterHours: number) => Patience;
}
