import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../systemd/unit.js';
import { inZone, type Guarded } from './namespaces.js';

const TYPESCRIPT = ['--import', join(ROOT, 'test/support/source-hooks.mjs')];
/** Our doubles of what others make are in no build; and what uses Nest runs only when it is built. */
const FROM_SOURCE = [
  '--conditions=source',
  '--experimental-transform-types',
  '--disable-warning=ExperimentalWarning',
];
const DOUBLES = ['bucket.ts', 'event-store.ts', 'identity-provider.ts'];

/** A Node program in a zone. */
export class ZoneProgram {
  private readonly said: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    private readonly firstLine: Promise<string>,
  ) {}

  /** What `npm run build` made. */
  static built(
    zone: Guarded | 'world',
    env: Readonly<Record<string, string>>,
    program: string,
    ...args: readonly string[]
  ): ZoneProgram {
    return ZoneProgram.start(zone, env, [join(ROOT, 'dist', program), ...args]);
  }

  /** A file of the folder `programs`, which prints a line when it is ready. */
  static ofTheFolder(zone: Guarded | 'world', program: string, ...args: readonly string[]): ZoneProgram {
    const file = join(import.meta.dirname, 'programs', program);
    return ZoneProgram.start(zone, {}, [
      ...TYPESCRIPT,
      ...(DOUBLES.includes(program) ? FROM_SOURCE : []),
      file,
      ...args,
    ]);
  }

  private static start(
    zone: Guarded | 'world',
    env: Readonly<Record<string, string>>,
    words: readonly string[],
  ): ZoneProgram {
    const [setpriv, ...enter] = inZone(zone);
    const child = spawn(setpriv, [...enter, process.execPath, ...words], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { stdout, stderr } = child;
    const first = Promise.race([
      once(createInterface({ input: stdout }), 'line').then(([line]) => String(line)),
      once(child, 'close').then(() => ''),
    ]);
    const program = new ZoneProgram(child, first);
    for (const stream of [stdout, stderr])
      stream.on('data', (chunk: Buffer) => program.said.push(String(chunk)));
    return program;
  }

  /** All that it printed so far. */
  get log(): string {
    return this.said.join('');
  }

  /** The first that it prints. @throws Error when it ends without */
  async line(): Promise<string> {
    const line = await this.firstLine;
    if (line === '') throw new Error(`${this.child.spawnargs.join(' ')} does not start:\n${this.log}`);
    return line;
  }

  /** @returns its exit code, once it has ended by itself */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}
