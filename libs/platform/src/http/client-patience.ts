/** How long a server waits for a request to come, in ms: a client that sends a byte now and then (slow loris) holds a connection no longer. */
export interface ClientPatience {
  /** For all headers. */
  readonly headers: number;
  /** For the whole request, its body included. */
  readonly request: number;
  /** How often connections are looked at. */
  readonly look: number;
}

/** A device on a slow line sends what it has to say, at most 4 MiB, in a minute. */
export const CLIENT_PATIENCE: ClientPatience = { headers: 15_000, request: 60_000, look: 5_000 };

/** As `http.createServer` has it. Fastify by itself would wait for ever for a body. */
export function patientServer({ headers, request, look }: ClientPatience = CLIENT_PATIENCE): {
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly connectionsCheckingInterval: number;
} {
  return { headersTimeout: headers, requestTimeout: request, connectionsCheckingInterval: look };
}
