import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** Makes what listens on loopback reachable at an address of its zone, and says so. */
export async function publish(address: string, port: number, inner: number): Promise<void> {
  const server = createServer((outside) => {
    const inside = connect(inner, '127.0.0.1');
    outside.pipe(inside).pipe(outside);
    inside.on('error', () => outside.destroy());
    outside.on('error', () => inside.destroy());
  });
  server.listen(port, address);
  await once(server, 'listening');
}
