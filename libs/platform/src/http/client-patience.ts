/** How long a server waits for a client, in ms: one that sends a byte now and then (slow loris), or takes nothing of its answer, holds a connection no longer. */
export interface ClientPatience {
  /** For all headers. */
  readonly headers: number;
  /** For the whole request, its body included. */
  readonly request: number;
  /** For a client that takes nothing of its answer. Looked at once in that time: it may be twice as long. */
  readonly taking: number;
  /** How often connections are looked at. */
  readonly look: number;
}

/** A device on a slow line sends what it has to say, at most 4 MiB, in a minute; snapd itself gives a download up that brought next to nothing for five (protocol page 6). */
export const CLIENT_PATIENCE: ClientPatience = {
  headers: 15_000,
  request: 60_000,
  taking: 300_000,
  look: 5_000,
};

/** As `http.createServer` has it. Fastify by itself would wait for ever for a body. */
export function patientServer({ headers, request, look }: ClientPatience = CLIENT_PATIENCE): {
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly connectionsCheckingInterval: number;
} {
  return { headersTimeout: headers, requestTimeout: request, connectionsCheckingInterval: look };
}
