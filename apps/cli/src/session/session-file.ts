import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';

/** What is kept of a sign-in at one server. */
export interface KeptSession {
  readonly token: string;
  readonly login: string;
  readonly expiresAt: string;
  /** The last command's: later reads wait for it. */
  readonly cursor?: string;
}

type Sessions = Readonly<Record<string, KeptSession>>;

/** `$XDG_CONFIG_HOME/holdfast/sessions.json`, 0600: whoever reads it can act as its owner, but not sign. */
export class SessionFile {
  readonly path: string;

  constructor(env: Cli['env']) {
    const configured = env['XDG_CONFIG_HOME'];
    const folder =
      configured === undefined || configured === '' ? join(env['HOME'] ?? homedir(), '.config') : configured;
    this.path = join(folder, 'holdfast', 'sessions.json');
  }

  /** @throws CliError `unsafe-session-file` when others may read it, or it holds something else */
  async get(url: string): Promise<KeptSession | undefined> {
    return (await this.read())[url];
  }

  async put(url: string, session: KeptSession): Promise<void> {
    await this.write({ ...(await this.read()), [url]: session });
  }

  /** @returns whether there was one */
  async remove(url: string): Promise<boolean> {
    const { [url]: removed, ...others } = await this.read();
    if (removed === undefined) return false;
    await this.write(others);
    return true;
  }

  private async read(): Promise<Sessions> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}';
      throw error;
    });
    if (text === '{}') return {};
    const { mode } = await stat(this.path);
    if ((mode & 0o077) !== 0) {
      throw new CliError(
        'unsafe-session-file',
        `${this.path} can be read by others; sign out at the server and remove it`,
      );
    }
    try {
      return JSON.parse(text) as Sessions;
    } catch {
      throw new CliError(
        'unsafe-session-file',
        `${this.path} is not what this program wrote; remove it and sign in again`,
      );
    }
  }

  /** Written beside and renamed: another command never reads half a file. */
  private async write(sessions: Sessions): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const beside = `${this.path}.${process.pid}`;
    await writeFile(beside, `${JSON.stringify(sessions, null, 2)}\n`, { mode: 0o600 });
    await rename(beside, this.path);
  }
}
