import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** systemd-notify waits until systemd has read what it sent; a systemd that does not read must not hold us. */
const SEND_MS = 5_000;
const PROGRAM = 'systemd-notify';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Tells systemd how the service fares, as sd_notify(3) describes. Node has no datagram sockets of the Unix kind, so systemd's own program sends
 * (docs/adr/0005). Where nobody listens (`NOTIFY_SOCKET` is not set), nothing is said. What cannot be sent is logged: it stops no service.
 */
export class ServiceManager {
  private sent: Promise<void> = Promise.resolve();
  private waiting = 0;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param env of this process, as systemd made it
   * @param log for what could not be sent
   */
  constructor(
    private readonly env: Environment,
    private readonly log: (line: string) => void,
  ) {}

  /** What `systemctl status` shows. */
  status(sentence: string): Promise<void> {
    return this.send(`STATUS=${oneLine(sentence)}`);
  }

  /** The service does what it is for; may be said again with another status. From now on systemd expects a sign of life, if it is set to. */
  async ready(sentence: string): Promise<void> {
    await this.send('READY=1', `STATUS=${oneLine(sentence)}`);
    this.startWatchdog();
  }

  /** The orderly end has begun: what ends from now on did not fail. */
  async stopping(): Promise<void> {
    clearInterval(this.timer);
    await this.send('STOPPING=1', 'STATUS=stopping');
  }

  private startWatchdog(): void {
    const everyMs = watchdogMs(this.env);
    clearInterval(this.timer);
    if (everyMs === undefined || this.env['NOTIFY_SOCKET'] === undefined) return;
    // Three chances before systemd gives us up. One that is still under way says the same as the next one would.
    this.timer = setInterval(() => {
      if (this.waiting === 0) void this.send('WATCHDOG=1');
    }, everyMs / 3).unref();
  }

  /** One after the other: what is true now must not be overtaken by what was. */
  private send(...assignments: readonly string[]): Promise<void> {
    const socket = this.env['NOTIFY_SOCKET'];
    if (!socket) return Promise.resolve();
    this.waiting++;
    const before = this.sent;
    this.sent = (async () => {
      await before;
      const env = { PATH: this.env['PATH'], NOTIFY_SOCKET: socket };
      try {
        await run(PROGRAM, [...assignments], { env, timeout: SEND_MS, killSignal: 'SIGKILL' });
      } catch (error) {
        this.log(`${PROGRAM} could not tell systemd ${assignments.join(' ')}: ${sentence(error)}`);
      } finally {
        this.waiting--;
      }
    })();
    return this.sent;
  }
}

/** As sd_watchdog_enabled(3): only of the process that it was meant for. */
function watchdogMs(env: Environment): number | undefined {
  const meant = env['WATCHDOG_PID'];
  if (meant !== undefined && meant !== String(process.pid)) return undefined;
  const text = env['WATCHDOG_USEC'];
  return text !== undefined && /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) / 1_000 : undefined;
}

/** A line's end would begin another assignment. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOENT') return `the program ${PROGRAM} is not installed`;
  return error.message.trim();
}
