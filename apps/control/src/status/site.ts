import type { EventStoreKind } from '#event-store/event-store-kind';
import type { RelyingParty } from '#identity/security-keys/relying-party';

/** What the launcher says of the site. */
export interface Site {
  /** The log's name (architecture, §15). */
  readonly origin: string;
  /** Whether PostgreSQL is the embedded one, which is for evaluation. */
  readonly evaluationDatabase: boolean;
  /** Where the events are. */
  readonly eventStore: EventStoreKind;
  /** Whom security keys answer; undefined where browsers let none be used. */
  readonly relyingParty?: RelyingParty | undefined;
}

export const SITE = Symbol('Site');
