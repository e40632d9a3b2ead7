import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what Linux and macOS give to whoever asks for no port in particular, and to connections: nobody gets one of these by chance. */
const [FIRST, LAST] = [20_000, 32_767];
const TRIES = 1_000;

/**
 * A port of the loopback interface that nothing listens on at this moment, drawn at random, so that two who look at the same time find different ones.
 * @throws Error when everything is taken
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(FIRST, LAST + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`of ${TRIES} ports of 127.0.0.1 between ${FIRST} and ${LAST} none is free`);
}

/** Whether nothing listens on `port` of the loopback interface at this moment. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
