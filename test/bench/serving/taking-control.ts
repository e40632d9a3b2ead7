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
  close(): Promise<void>;
}

export async function startTakingControl(): Promise<TakingControl> {
  let taken = 0;
  const server = createServer((request, response) => {
    void json(request).then((body) => {
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
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
