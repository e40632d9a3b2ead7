import type { Clock } from '#kernel';
import type { EventStore } from '#event-store/port';
import type { StreamWriter } from './decide-and-append.js';
import type { ReadModels } from './http/read-models.js';

/**
 * What a composition root provides and every context may inject, by name rather than by class: only the root names an adapter.
 * `@Inject(EVENT_STORE) private readonly store: EventStore`, and so on.
 */
export const EVENT_STORE = Symbol('EventStore');
export const STREAM_WRITER = Symbol('StreamWriter');
export const CLOCK = Symbol('Clock');
export const READ_MODELS = Symbol('ReadModels');

/** The type behind each token, for a root that wants the compiler to check its providers. */
export interface PlatformProviders {
  readonly [EVENT_STORE]: EventStore;
  readonly [STREAM_WRITER]: StreamWriter;
  readonly [CLOCK]: Clock;
  readonly [READ_MODELS]: ReadModels;
}
