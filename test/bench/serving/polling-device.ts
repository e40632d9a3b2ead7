import { request } from 'node:http';

/** A device's question, and how it is asked. */
export interface Poll {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Sends a piece now and then, and reads its answer as slowly: a bad line. */
  readonly slow: boolean;
}

export interface Polled {
  /** Undefined: a whole answer with as many snaps as were asked for, whether the device has them already or not. */
  readonly error: string | undefined;
  /** From the last byte that was sent to the first of the answer, in ms. */
  readonly ms: number;
}

const SLOW_PIECES = 10;
const SLOW_PIECE_MS = 100;
const DEVICE_PATIENCE_MS = 10_000;

/** Asks over a connection of its own, as a device does that polls a few times a day. Never rejects. @param snaps how many the answer must have */
export async function poll({ url, headers, body, slow }: Poll, snaps: number): Promise<Polled> {
  let sent = performance.now();
  let ms = 0;
  try {
    const text = await new Promise<string>((resolve, reject) => {
      const asked = request(url, {
        method: 'POST',
        agent: false,
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        signal: AbortSignal.timeout(DEVICE_PATIENCE_MS),
      });
      asked.on('error', reject);
      asked.on('response', (answer) => {
        ms = performance.now() - sent;
        if (answer.statusCode !== 200) reject(new Error(`status ${answer.statusCode}`));
        let read = '';
        answer.setEncoding('utf8').on('error', reject);
        answer.on('data', (piece: string) => {
          read += piece;
          if (!slow) return;
          answer.pause();
          setTimeout(() => answer.resume(), SLOW_PIECE_MS);
        });
        answer.on('end', () => resolve(read));
      });
      void send(asked, body, slow).then(() => (sent = performance.now()), reject);
    });
    const { results } = JSON.parse(text) as { results: readonly { readonly result: string }[] };
    const got = results.filter(({ result }) => result === 'refresh').length;
    return { ms, error: got === snaps ? undefined : `${got} snaps in place of ${snaps}` };
  } catch (error) {
    return { ms, error: error instanceof Error ? error.message : String(error) };
  }
}

async function send(asked: NodeJS.WritableStream, body: string, slow: boolean): Promise<void> {
  if (slow) {
    const size = Math.ceil(body.length / SLOW_PIECES);
    for (let at = 0; at < body.length - size; at += size) {
      asked.write(body.slice(at, at + size));
      await new Promise((resolve) => setTimeout(resolve, SLOW_PIECE_MS));
    }
    asked.end(body.slice(Math.floor((body.length - 1) / size) * size));
  } else asked.end(body);
}
