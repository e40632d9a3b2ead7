import type { ChildProcess } from 'node:child_process';

/** What a server says of where it listens. */
export interface Listening {
  /** Its address, if it has one. */
  readonly url?: string;
  /** Of its health and metrics, if it has them. */
  readonly health?: string;
}

/** A server that has said nothing for so long does not start: it hangs before its first line. */
const START_MS = 60_000;

/**
 * Waits until a server is ready, for as long as it is alive: it may have a database to wait for, read models to rebuild, blobs to read again. What
 * it waits for it says at its own `/readyz`.
 * @param onAlive with the address of its health, as soon as that answers
 * @throws Error when it ends before, or gives no sign of life
 */
export function untilReady(
  child: ChildProcess,
  name: string,
  onAlive: (listening: Listening) => void,
): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const mute = (): void => fail(`${name} gave no sign of life within ${START_MS / 1000} s`);
    const timer = setTimeout(mute, START_MS);
    // Closed: its last lines have been read as well.
    const ended = (): void =>
      fail(`${name} ended with ${child.exitCode ?? child.signalCode} before it was ready`);
    const heard = (message: unknown): void => {
      const sign = signOf(message);
      if (sign === undefined) return;
      clearTimeout(timer);
      if (sign.is === 'alive') return onAlive(sign.listening);
      clean();
      resolve(sign.listening);
    };
    const fail = (sentence: string): void => {
      clean();
      reject(new Error(sentence));
    };
    const clean = (): void => {
      clearTimeout(timer);
      child.off('close', ended).off('message', heard).off('error', ended);
    };
    child.once('close', ended).on('message', heard).once('error', ended);
  });
}

function signOf(
  message: unknown,
): { readonly is: 'alive' | 'ready'; readonly listening: Listening } | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { alive, ready, url, health } = message as Record<string, unknown>;
  if (ready !== true && alive !== true) return undefined;
  const listening = {
    ...(typeof url === 'string' ? { url } : {}),
    ...(typeof health === 'string' ? { health } : {}),
  };
  return { is: ready === true ? 'ready' : 'alive', listening };
}
