import { stat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * One process at a time may work on a home. The lock is a socket in Linux's abstract namespace, named for the folder itself (not its path): it
 * goes when its holder goes, however that ends, so there is no stale lock.
 */
export class HomeLock {
  private constructor(private readonly server: Server) {}

  /** @throws Error with a sentence, when another process holds the home */
  static async take(folder: string): Promise<HomeLock> {
    const { dev, ino } = await stat(folder, { bigint: true });
    const name = `\0holdfast-home-${dev}-${ino}`;
    // Whoever asks is told which process it is.
    const server = createServer((socket) => socket.on('error', () => undefined).end(String(process.pid)));
    try {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(name, resolve));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      throw new Error(
        `${folder} is in use by another Holdfast (process ${await holder(name)}): stop that one first`,
        {
          cause: error,
        },
      );
    }
    server.unref();
    return new HomeLock(server);
  }

  async release(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function holder(name: string): Promise<string> {
  return text(connect(name)).catch(() => 'unknown');
}
