import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Resolves when something listens on a port of loopback. */
export async function reached(port: number): Promise<void> {
  while (!(await accepts(port))) await delay(20);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
