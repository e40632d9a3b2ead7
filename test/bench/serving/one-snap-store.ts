import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

/** An upstream that knows one snap, counts who fetches it, and sends it whole. */
export interface OneSnapStore {
  readonly url: string;
  /** Downloads begun so far. */
  readonly fetches: number;
  close(): Promise<void>;
}

const SNAP_ID = 'benchbigidbenchbigidbenchbigid01';

export async function startOneSnapStore(file: string, size: number): Promise<OneSnapStore> {
  const sha3_384 = await digestOf(file);
  let fetches = 0;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method === 'POST') {
      request.resume().on('end', () => response.end(JSON.stringify(installAnswer(url, size, sha3_384))));
      return;
    }
    fetches++;
    response.writeHead(200, { 'content-length': size });
    createReadStream(file).pipe(response);
  };
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    get fetches() {
      return fetches;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Asks a proxy for the snap, as an install does. @returns the proxy's address of it */
export async function addressOfSnap(proxyUrl: string): Promise<string> {
  const response = await fetch(`${proxyUrl}/v2/snaps/refresh`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'snap-device-architecture': 'amd64' },
    body: JSON.stringify({
      context: [],
      actions: [{ action: 'install', 'instance-key': 'install-1', name: 'bench-big', epoch: null }],
    }),
  });
  const answer = (await response.json()) as { results: { snap?: { download: { url: string } } }[] };
  const url = answer.results[0]?.snap?.download.url;
  if (url === undefined) throw new Error(`the proxy offers no download: ${JSON.stringify(answer)}`);
  return url;
}

function installAnswer(url: string, size: number, sha3_384: string): object {
  const download = { url: `${url}/bench-big_1.snap`, size, 'sha3-384': sha3_384, deltas: [] };
  const result = { result: 'install', 'instance-key': 'install-1', 'snap-id': SNAP_ID, name: 'bench-big' };
  return {
    results: [
      { ...result, 'effective-channel': 'stable', snap: { name: 'bench-big', revision: 1, download } },
    ],
  };
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha3-384');
  for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) hash.update(chunk);
  return hash.digest('hex');
}
