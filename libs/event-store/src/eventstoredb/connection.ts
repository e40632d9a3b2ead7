import { EventStoreDBClient } from '@eventstore/db-client';
import { parseEventStoreDbUrl } from '../eventstoredb-url.js';

export interface Connection {
  readonly client: EventStoreDBClient;
  /** How long a call may take before nobody waits for it any more. */
  readonly timeoutMs: number;
  /** What goes with every call. */
  readonly options: CallOptions;
}

interface CallOptions {
  /**
   * Given with each call, although the URL has them too: the client then appends with a call of its own, and a deadline. Without, it would
   * send the append on one stream that all share, whose promises stay open for ever when the server is silent, and are all rejected when
   * any fails (docs/adr/0005).
   */
  readonly credentials: { readonly username: string; readonly password: string };
  /** A follower would answer from the past; it names the leader instead, and the client goes there. */
  readonly requiresLeader: true;
  /** Milliseconds, told to the server, and kept by gRPC where the client lets it. */
  readonly deadline: number;
}

/** The client drops credentials where TLS is off, but takes the right way only when it is given some. */
const NOBODY = { username: 'nobody', password: 'nobody' };

/** Connects when first used. @throws Error for a URL that we or the client can't use */
export function connectTo(url: string, timeoutMs: number): Connection {
  const { credentials } = parseEventStoreDbUrl(url);
  const client = EventStoreDBClient.connectionString(url);
  return {
    client,
    timeoutMs,
    options: { credentials: credentials ?? NOBODY, requiresLeader: true, deadline: timeoutMs },
  };
}
