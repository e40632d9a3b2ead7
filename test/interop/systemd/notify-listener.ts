import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { vi } from 'vitest';

interface Message {
  readonly pid: number;
  readonly assignments: readonly string[];
}

/** The end of sd_notify's socket where systemd would be. */
export class NotifyListener implements AsyncDisposable {
  private readonly messages: Message[] = [];

  private constructor(
    private readonly folder: string,
    private readonly listener: ChildProcess,
  ) {}

  static async start(): Promise<NotifyListener> {
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-notify-'));
    const program = path.join(import.meta.dirname, 'listen.py');
    const listener = spawn('python3', [program, path.join(folder, 'socket')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const started = new NotifyListener(folder, listener);
    createInterface({ input: listener.stdout }).on('line', (line) =>
      started.messages.push(JSON.parse(line) as Message),
    );
    await started.until((heard) => heard.includes('listening'));
    return started;
  }

  /** For NOTIFY_SOCKET. */
  get socket(): string {
    return path.join(this.folder, 'socket');
  }

  /** All that was assigned so far, in order, without the barriers. */
  get heard(): readonly string[] {
    return this.messages.flatMap(({ assignments }) => assignments).filter((each) => each !== 'BARRIER=1');
  }

  async until(holds: (heard: readonly string[]) => boolean, timeout = 50_000): Promise<readonly string[]> {
    await vi.waitUntil(() => holds(this.heard), { timeout, interval: 20 });
    return this.heard;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.listener, 'close');
    this.listener.kill();
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}
