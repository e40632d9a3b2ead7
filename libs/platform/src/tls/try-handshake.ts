import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, createServer, type SecureVersion } from 'node:tls';
import { sentenceOf, within } from '#kernel';
import { TlsError } from './errors.js';
import { requireServable, secureOptions } from './secure-options.js';
import type { TlsPair } from './tls-pair.js';

const PATIENCE_MS = 10_000;
const VERSIONS: readonly SecureVersion[] = ['TLSv1.2', 'TLSv1.3'];

/**
 * Speaks TLS with itself, on loopback, as a server with this pair and as a client that trusts the end of its chain, once for each host and each
 * version: what a client would refuse (a key that is too short, a certificate that is for no server) is found before anybody is served with it.
 * @throws TlsError `certificate-unusable`
 */
export async function tryHandshake(pair: TlsPair, hosts: readonly string[]): Promise<void> {
  requireServable(pair);
  // A client that gives up is told of on its own side.
  const server = createServer(secureOptions(pair), (socket) => socket.on('error', () => undefined).end());
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    for (const host of hosts) for (const version of VERSIONS) await shakeHands(pair, port, host, version);
  } finally {
    server.close();
  }
}

async function shakeHands(pair: TlsPair, port: number, host: string, version: SecureVersion): Promise<void> {
  const anchor = pair.root ?? pair.chain.at(-1);
  const socket = connect({
    host: '127.0.0.1',
    port,
    ...(isIP(host) ? {} : { servername: host }),
    ca: String(anchor),
    // Where the root was not given, the chain ends before it.
    allowPartialTrustChain: true,
    minVersion: version,
    maxVersion: version,
    checkServerIdentity: (_name, peer) => checkServerIdentity(host, peer),
  });
  try {
    await within(PATIENCE_MS, () => once(socket, 'secureConnect'));
  } catch (cause) {
    throw new TlsError(
      'certificate-unusable',
      `a client that asks for ${host} over ${version} refuses it: ${sentenceOf(cause)}`,
      { cause },
    );
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}
