import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Cli } from '../cli.js';
import { run } from '../run.js';
import { ControlFixture } from './control-fixture.js';

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A person at a terminal, or a script, with a home of their own, as long as the test lasts. */
export class TestCli {
  readonly folder = ownFolder();
  readonly env: Record<string, string | undefined> = {
    XDG_CONFIG_HOME: join(this.folder, 'config'),
    HOLDFAST_HOME: join(this.folder, 'home'),
    PATH: process.env['PATH'],
  };
  /** What the program is called by. */
  name = 'holdfast';
  hostProgram = join(this.folder, 'no-host.mjs');
  /** How wide the terminal is that results and messages are shown at; without, they go to pipes. */
  columns?: number;

  /** A control that answers from a list, as long as the test lasts, and that this person's command line goes to. */
  async control(answers: Parameters<typeof ControlFixture.start>[0]): Promise<ControlFixture> {
    const fixture = await ControlFixture.start(answers);
    onTestFinished(() => fixture.stop());
    this.env['HOLDFAST_URL'] = fixture.url;
    return fixture;
  }

  /** @param typed what standard input gives, of several what is typed at one prompt after the other @param atTerminal whether a person types it */
  async run(
    argv: readonly string[],
    typed: string | readonly string[] = '',
    atTerminal = false,
  ): Promise<Ran> {
    const said = { stdout: '', stderr: '' };
    const stdin = Readable.from(typeof typed === 'string' ? [Buffer.from(typed)] : typed);
    const terminal = this.columns === undefined ? {} : { isTTY: true, columns: this.columns };
    const cli: Cli = {
      name: this.name,
      env: this.env,
      stdin: atTerminal ? Object.assign(stdin, { isTTY: true, setRawMode: () => undefined }) : stdin,
      stdout: { ...terminal, write: (text: string) => (said.stdout += text) },
      stderr: { ...terminal, write: (text: string) => (said.stderr += text) },
      hostProgram: this.hostProgram,
    };
    return { exitCode: await run(argv, cli), ...said };
  }
}

function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
