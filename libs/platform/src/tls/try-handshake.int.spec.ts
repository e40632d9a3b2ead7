import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { expect, it } from 'vitest';
import { tryHandshake } from './try-handshake.js';
import { keyText, readPair } from './tls-pair.js';
import { selfSigned } from './writing/self-signed.js';
import { TestAuthority } from './testing/test-authority.js';

const HOST = 'store.site.example';
const root = TestAuthority.root();
const middle = root.authority('Middle');
const server = middle.server([HOST, '192.0.2.7']);

it.each([
  ['with its root', server.pem + server.keyPem + middle.pem + root.pem],
  ['without its root', server.pem + server.keyPem + middle.pem],
  ['alone', server.pem + server.keyPem],
])('speaks TLS with a certificate %s', async (_what, text) => {
  await expect(tryHandshake(readPair(text), [HOST, '192.0.2.7'])).resolves.toBeUndefined();
});

it('speaks TLS with one that signs itself', async () => {
  const hosts = [HOST, '2001:db8::7', '::ffff:192.0.2.1'];
  await expect(tryHandshake(selfSigned(hosts, 30, Date.now()), hosts)).resolves.toBeUndefined();
});

it('makes one that signs itself so that a client needs nothing else', async () => {
  const { leaf, chain, key } = selfSigned([HOST], 30, Date.now());
  const server = createServer({ cert: chain.map(String).join(''), key: keyText(key) }, (socket) =>
    socket.end(),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, servername: HOST, ca: leaf.toString() });
  await once(socket, 'secureConnect');
  expect(socket.authorized).toBe(true);
  socket.destroy();
  server.close();
});

it.each([
  ['for another host', server.pem + server.keyPem, 'other.example'],
  ['that is no server', middle.pem + keyText(middle.issued.key), 'Middle'],
  ['that has expired', expired(), HOST],
])('refuses one %s, as a client would', async (_what, text, host) => {
  const tried = tryHandshake(readPair(text), [host]);
  await expect(tried).rejects.toMatchObject({ code: 'certificate-unusable' });
  await expect(tried).rejects.toThrow(`a client that asks for ${host} over TLSv1.2 refuses it: `);
});

function expired(): string {
  const late = root.server([HOST], { notBefore: new Date(0), notAfter: new Date(1_000) });
  return late.pem + late.keyPem;
}

it('refuses a key that is too short for OpenSSL', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const weak = root.server([HOST], {}, privateKey);
  await expect(tryHandshake(readPair(weak.pem + weak.keyPem), [HOST])).rejects.toMatchObject({
    code: 'certificate-unusable',
    message: expect.stringMatching(/too small/) as string,
  });
});
