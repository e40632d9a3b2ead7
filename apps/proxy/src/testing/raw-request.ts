import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** What comes back for bytes that no HTTP client would send; empty where the connection is cut. */
export async function rawRequest(url: string, ...pieces: readonly (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // It may be cut off while it still sends.
  socket.on('error', () => undefined);
  const answer = text(socket).catch(() => '');
  await once(socket, 'connect');
  for (const piece of pieces) socket.write(piece);
  return await answer;
}
