import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll } from 'vitest';
import type { Cli } from '../cli.js';
import { run } from '../run.js';

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const ROOT = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

/** A person at a terminal, or a script, with a home of their own. */
export class TestCli {
  readonly folder = mkdtempSync(join(ROOT, 'person-'));
  readonly env: Record<string, string | undefined> = {
    XDG_CONFIG_HOME: join(this.folder, 'config'),
    HOLDFAST_HOME: join(this.folder, 'home'),
    PATH: process.env['PATH'],
  };
  /** What the program is called by. */
  name = 'holdfast';
  hostProgram = join(this.folder, 'no-host.mjs');

  /** @param typed what standard input gives @param atTerminal whether a person types it */
  async run(argv: readonly string[], typed = '', atTerminal = false): Promise<Ran> {
    const said = { stdout: '', stderr: '' };
    const stdin = new PassThrough();
    stdin.end(typed);
    const cli: Cli = {
      name: this.name,
      env: this.env,
      stdin: atTerminal ? Object.assign(stdin, { isTTY: true, setRawMode: () => undefined }) : stdin,
      stdout: { write: (text: string) => (said.stdout += text) },
      stderr: { write: (text: string) => (said.stderr += text) },
      hostProgram: this.hostProgram,
    };
    return { exitCode: await run(argv, cli), ...said };
  }
}
