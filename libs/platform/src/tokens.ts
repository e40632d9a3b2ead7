/**
 * What a composition root provides and every context may inject, by name rather than by class: only the root names an adapter.
 * `@Inject(EVENT_STORE) private readonly store: EventStore`, and so on.
 */
export const EVENT_STORE = Symbol('EventStore');
export const STREAM_WRITER = Symbol('StreamWriter');
export const CLOCK = Symbol('Clock');
export const READ_MODELS = Symbol('ReadModels');
/** Which read models, in which versions, the process reads. */
export const READ_MODEL_VERSIONS = Symbol('ReadModelVersions');
