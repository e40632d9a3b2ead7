import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { serverAddress } from '../server-address.js';
import type { Message } from '../message.js';
import type { Outcome, Transport } from '../transport.js';
import { syslogFrame } from './syslog-frame.js';

export interface SyslogSettings {
  /** As the domain writes it. */
  readonly server: string;
  /** Certificates in PEM of the authorities that are trusted; undefined: those that Node.js trusts. */
  readonly authorities: string | undefined;
  /** Of the site. */
  readonly origin: string;
  /** Milliseconds for one try. */
  readonly patience?: number;
}

const USUAL_PATIENCE_MS = 15_000;

/**
 * Syslog acknowledges nothing: a message that is written may be lost with the connection. So each goes by a connection of its own, which is ended
 * behind it, and it counts as taken when the other side, having read to the end, ends it too.
 */
export class SyslogTransport implements Transport {
  constructor(private readonly settings: SyslogSettings) {}

  async send(message: Message, signal: AbortSignal): Promise<Outcome> {
    return tell(this.settings, syslogFrame(message, hostname(), this.settings.origin), signal);
  }

  async close(): Promise<void> {
    // No connection outlives its message.
  }
}

/**
 * Connects as for a message, and says nothing.
 * @throws Error with a sentence, also when the server does not end the connection in its turn
 */
export async function reachSyslogServer(server: string, authorities: string | undefined): Promise<void> {
  const outcome = await tell({ server, authorities }, Buffer.alloc(0), new AbortController().signal);
  if (outcome.kind !== 'delivered') throw new Error(outcome.why);
}

type SyslogConnection = Omit<SyslogSettings, 'origin'>;

/** @returns once the server has ended the connection, having read the frame */
async function tell(settings: SyslogConnection, frame: Buffer, signal: AbortSignal): Promise<Outcome> {
  const { patience = USUAL_PATIENCE_MS } = settings;
  const late = AbortSignal.timeout(patience);
  try {
    await write(connect(settings), frame, AbortSignal.any([signal, late]));
    return { kind: 'delivered' };
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted)
      return {
        kind: 'failed',
        why: `the syslog server did not end the connection within ${patience / 1000} s`,
      };
    const { code, message: said } = error as NodeJS.ErrnoException;
    return { kind: 'failed', why: `the syslog server cannot be reached: ${code ?? said}` };
  }
}

async function write(socket: Socket, frame: Buffer, signal: AbortSignal): Promise<void> {
  const stop = (): void => void socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      // Whatever it says is passed over; its end is what counts. One that ends before it has read everything is a reset, an error.
      socket.resume();
      socket.once('close', () => {
        if (socket.readableEnded && socket.writableFinished) resolve();
        else reject(new Error('it ended the connection too early'));
      });
      socket.end(frame);
    });
  } finally {
    signal.removeEventListener('abort', stop);
    socket.on('error', () => undefined);
    socket.destroy();
  }
}

function connect({ server, authorities }: SyslogConnection): Socket {
  const { scheme, host, port } = serverAddress(server);
  if (scheme === 'syslog+tcp') return connectTcp({ host, port });
  return connectTls({
    host,
    port,
    minVersion: 'TLSv1.2',
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(authorities === undefined ? {} : { ca: authorities }),
  });
}
