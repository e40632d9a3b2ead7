import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { recordDigest, type JsonObject } from '#kernel';

/** Takes whatever a node hands over, and keeps nothing: what control and its database take of the processors is not the proxy's cost. */
export interface TakingControl {
  readonly url: string;
  /** Records so far. */
  taken(): number;
  /** From now on a node waits for its answer. */
  letWait(): void;
  /** It is answered, and so are those that come. */
  answer(): void;
  close(): Promise<void>;
}

export async function startTakingControl(): Promise<TakingControl> {
  let taken = 0;
  let answering = Promise.withResolvers<undefined>();
  answering.resolve(undefined);
  const server = createServer((request, response) => {
    void json(request).then(async (body) => {
      await answering.promise;
      // It did not wait so long, and comes again.
      if (response.destroyed) return;
      const { message } = body as { readonly message: JsonObject };
      if (Array.isArray(message['records'])) taken += message['records'].length;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ taken: true, digest: recordDigest(message) }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    taken: () => taken,
    letWait: () => {
      answering = Promise.withResolvers();
    },
    answer: () => answering.resolve(undefined),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
