import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TestAuthority } from '#platform/tls/testing/test-authority';
import { aMessage } from '../../testing/a-message.js';
import { SyslogTransport } from './syslog-transport.js';

const authority = TestAuthority.root();
const { pem: cert, keyPem: key } = authority.server(['localhost', '127.0.0.1']);
const { signal } = new AbortController();

/** Somebody else's syslog server: what came, by octet counting. */
async function syslogServer(tls: boolean, onSocket: (socket: Socket) => void = () => undefined) {
  const messages: string[] = [];
  const sockets: Socket[] = [];
  const take = (socket: Socket): void => {
    sockets.push(socket);
    const chunks: Buffer[] = [];
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => messages.push(...framesOf(Buffer.concat(chunks))));
    onSocket(socket);
  };
  const server: Server = tls ? createTlsServer({ key, cert }, take) : createTcpServer(take);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  return { messages, port: (server.address() as AddressInfo).port };
}

/** RFC 6587, 3.4.1. */
function framesOf(bytes: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(' ', at);
    const length = Number(bytes.toString('latin1', at, space));
    frames.push(bytes.toString('utf8', space + 1, space + 1 + length));
    at = space + 1 + length;
  }
  return frames;
}

const transport = (server: string, authorities = authority.pem) =>
  new SyslogTransport({ server, authorities, origin: 'site.example/log', patience: 1_000 });

describe('a syslog message', () => {
  it('is of RFC 5424, counted in octets, by TLS', async () => {
    const { messages, port } = await syslogServer(true);
    const sink = transport(`syslog+tls://localhost:${port}`);
    expect(await sink.send(aMessage(), signal)).toEqual({ kind: 'delivered' });
    expect(await sink.send(aMessage({ type: 'NodeFellSilent', stream: 'node/dmz "1"' }), signal)).toEqual({
      kind: 'delivered',
    });
    const [first, second] = messages;
    expect(first).toMatch(
      /^<108>1 2026-11-24T08:00:00\.000Z \S+ holdfast - RingHalted \[origin software="holdfast"\] \uFEFFposition="812" id="019e2c00-0000-7000-8000-000000000001" /,
    );
    expect(first).toContain(
      'who="Olga Ørsted" why="incident: devices restart Bcc: all@site.example (INC-7)"',
    );
    expect(second).toMatch(/^<108>1 .*stream="node\/dmz \\"1\\""/);
    expect(messages.join()).not.toMatch(/[\r\n]/);
  });

  it('is by TCP on this machine', async () => {
    const { messages, port } = await syslogServer(false);
    expect(
      await transport(`syslog+tcp://127.0.0.1:${port}`).send(aMessage({ type: 'OverrideSet' }), signal),
    ).toEqual({ kind: 'delivered' });
    expect(messages[0]).toMatch(/^<110>1 /);
  });

  it('is not taken by a server that is another one, away, silent, or gone before it has read', async () => {
    const { port } = await syslogServer(true);
    const silent = await syslogServer(false, (socket) => void socket.pause());
    const hasty = await syslogServer(false, (socket) => void socket.resetAndDestroy());
    const cases = [
      transport(`syslog+tls://localhost:${port}`, TestAuthority.root('Other Root').pem),
      transport('syslog+tcp://127.0.0.1:9'),
      transport(`syslog+tcp://127.0.0.1:${silent.port}`),
      transport(`syslog+tcp://127.0.0.1:${hasty.port}`),
    ];
    for (const each of cases) expect(await each.send(aMessage(), signal)).toMatchObject({ kind: 'failed' });
  });

  it('ends at once with the worker', async () => {
    const silent = await syslogServer(false, (socket) => void socket.pause());
    const stopping = new AbortController();
    const sending = transport(`syslog+tcp://127.0.0.1:${silent.port}`).send(aMessage(), stopping.signal);
    stopping.abort(new Error('the worker is stopping'));
    await expect(sending).rejects.toThrow('the worker is stopping');
  });
});
