import type { EventStoreKind } from '#event-store/event-store-kind';

/** What the launcher says of the site. */
export interface Site {
  /** The log's name (architecture, §15). */
  readonly origin: string;
  /** Whether PostgreSQL is the embedded one, which is for evaluation. */
  readonly evaluationDatabase: boolean;
  /** Where the events are. */
  readonly eventStore: EventStoreKind;
}

export const SITE = Symbol('Site');
