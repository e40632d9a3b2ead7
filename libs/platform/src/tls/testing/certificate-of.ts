import { once } from 'node:events';
import { connect, type ConnectionOptions, type PeerCertificate, type TLSSocket } from 'node:tls';

/** An open connection of TLS to a server, whose certificate is looked at and not judged. */
export async function openTls(url: string, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

/** What a server shows to a new connection. */
export async function certificateOf(url: string): Promise<PeerCertificate> {
  const socket = await openTls(url);
  const certificate = socket.getPeerCertificate();
  socket.destroy();
  return certificate;
}

/** One request on a connection that stays open. @returns the whole answer of the server */
export async function askOn(socket: TLSSocket, path: string): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nhost: store.site.example\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString('latin1');
}
