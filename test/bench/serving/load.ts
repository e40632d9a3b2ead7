import { connect, type Socket } from 'node:net';

/** Requests, ready to be sent one after the other, and where to. */
export interface Shot {
  readonly port: number;
  /** The next one. */
  readonly request: () => Buffer;
}

/** The same HTTP/1.1 request again and again, to a server on loopback. */
export function shot(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Shot {
  const bytes = requestBytes(url, method, headers, body);
  return { port: Number(new URL(url).port), request: () => bytes };
}

export function requestBytes(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Buffer {
  const { host, pathname, search } = new URL(url);
  const lines = Object.entries({ host, ...headers, 'content-length': String(Buffer.byteLength(body)) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`${method} ${pathname}${search} HTTP/1.1\r\n${head}\r\n${body}`);
}

/** What came back; a status other than 200 is an error. */
export interface Reading {
  readonly answers: number;
  readonly bytes: number;
  readonly seconds: number;
}

/**
 * Asks over `connections` sockets, each with its next request once the last one was answered, until `forMs` milliseconds are over or,
 * without them, until each was answered once. Reads as little of the answers as it can, so that it is not what is measured.
 */
export async function load({ port, request }: Shot, connections: number, forMs?: number): Promise<Reading> {
  const began = performance.now();
  const until = forMs === undefined ? began : began + forMs;
  const each = await Promise.all(Array.from({ length: connections }, () => ask(port, request, until)));
  const seconds = (performance.now() - began) / 1000;
  return {
    answers: each.reduce((sum, reading) => sum + reading.answers, 0),
    bytes: each.reduce((sum, reading) => sum + reading.bytes, 0),
    seconds,
  };
}

function ask(
  port: number,
  request: () => Buffer,
  until: number,
): Promise<{ answers: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    let answers = 0;
    let bytes = 0;
    let head = '';
    let missing = -1;
    const take = (length: number, chunk: Buffer): boolean => {
      bytes += length;
      let from = 0;
      if (missing < 0) {
        head += chunk.toString('latin1', 0, length);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return true;
        const size = /^HTTP\/1\.1 200 [^]*?\r\ncontent-length: (\d+)/i.exec(head.slice(0, end))?.[1];
        if (size === undefined) {
          socket.destroy(new Error(`an answer that was not counted on: ${head.slice(0, 400)}`));
          return false;
        }
        missing = Number(size);
        from = length - (head.length - end - 4);
        head = '';
      }
      missing -= length - from;
      if (missing > 0) return true;
      missing = -1;
      answers++;
      if (performance.now() < until) socket.write(request());
      else socket.end();
      return true;
    };
    const onread = { buffer: Buffer.allocUnsafe(1024 * 1024), callback: take };
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    socket.on('error', reject);
    socket.on('close', () =>
      missing < 0 && head === ''
        ? resolve({ answers, bytes })
        : reject(new Error(`the connection ended ${missing} bytes before the end of an answer`)),
    );
    socket.write(request());
  });
}
