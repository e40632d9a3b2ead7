import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { vi } from 'vitest';

const CONTROL_C = '\u0003';

/** What is asked for, and what a person types then: maybe what depends on what was printed. */
export type Answers = readonly (readonly [prompt: string, typed: string | (() => string)])[];

/** A terminal where bash runs what a person types, piece by piece; what one exports is there for the next one. */
export class Terminal {
  private readonly stateFile: string;
  private readonly inputFile: string;

  /** @param folder where it begins @param env all of its environment */
  constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    this.stateFile = join(folder, `.${name}.state`);
    this.inputFile = join(folder, `.${name}.input`);
    writeFileSync(this.stateFile, '');
  }

  /** Runs commands until they end. @returns what is printed @throws Error with it, when one of them fails */
  async run(commands: string, answers: Answers = []): Promise<string> {
    return this.begin(commands).toItsEnd(answers);
  }

  /** Begins what goes on until somebody stops it. */
  begin(commands: string): Foreground {
    const lines = ['set -eo pipefail', `. '${this.stateFile}'`, commands, `export -p >'${this.stateFile}'`];
    writeFileSync(this.inputFile, lines.join('\n'));
    const bash = `bash --norc '${this.inputFile}'`;
    const { folder: cwd, env } = this;
    return new Foreground(
      this.name,
      // Its windows close when we end, killed even.
      spawn('setpriv', ['--pdeathsig', 'KILL', 'script', '-qefc', bash, '/dev/null'], {
        cwd,
        env,
        stdio: 'pipe',
      }),
    );
  }
}

/** What runs in a terminal now. */
export class Foreground {
  private raw = '';
  private readonly closed: Promise<unknown>;

  constructor(
    private readonly name: string,
    private readonly child: ChildProcessWithoutNullStreams,
  ) {
    this.closed = once(child, 'close');
    const take = (chunk: Buffer) => (this.raw += chunk.toString());
    child.stdout.on('data', take);
    child.stderr.on('data', take);
  }

  /** As a person reads it. */
  get printed(): string {
    return stripVTControlCharacters(this.raw).replaceAll('\r', '');
  }

  /** Waits until it is printed. @throws Error with what was, when the commands end before, or after four minutes */
  async until(text: string | RegExp, from = 0): Promise<void> {
    const there = () =>
      this.child.exitCode !== null ||
      (typeof text === 'string' ? this.printed.includes(text, from) : text.test(this.printed.slice(from)));
    await vi.waitUntil(there, { timeout: 240_000, interval: 50 }).catch((cause: unknown) => {
      throw new Error(`${this.name} waits for ${String(text)}:\n${this.printed}`, { cause });
    });
    if (this.child.exitCode !== null)
      throw new Error(`${this.name} ended before ${String(text)}:\n${this.printed}`);
  }

  async toItsEnd(answers: Answers): Promise<string> {
    let from = 0;
    for (const [prompt, typed] of answers) {
      await this.until(prompt, from);
      from = this.printed.length;
      this.child.stdin.write(`${typeof typed === 'string' ? typed : typed()}\r`);
    }
    await this.closed;
    if (this.child.exitCode !== 0)
      throw new Error(`${this.name}: exit code ${this.child.exitCode}:\n${this.printed}`);
    return this.printed;
  }

  /** Ctrl-C, and waits until all has ended. */
  async interrupt(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.stdin.write(CONTROL_C);
    await this.closed;
  }
}
