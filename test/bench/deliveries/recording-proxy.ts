import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const PROGRAM = path.join(import.meta.dirname, 'recording-node.js');
/** What was added so long ago is on the disk, whatever happens to the process: the spool writes as fast as the disk takes it. */
const WRITTEN_AFTER_MS = 1_000;

/** What a life of a node has certainly recorded: revisions 1 to `atLeast` under its name; `exactly`, unless it was killed. */
export interface Life {
  readonly name: string;
  atLeast: number;
  exactly: boolean;
}

interface Said {
  readonly at: number;
  readonly added: number;
  readonly waiting: number;
}

/** A recording node that can be killed: the next life goes on with the folder that the last one left. */
export class RecordingProxy {
  readonly lives: Life[] = [];
  private child: ChildProcess | undefined;
  private said: Said[] = [];

  constructor(
    readonly name: string,
    private readonly folder: string,
    private readonly controlUrl: string,
    private readonly perSecond: number,
  ) {}

  start(): void {
    const life = `${this.name}-life-${this.lives.length + 1}`;
    this.lives.push({ name: life, atLeast: 0, exactly: true });
    this.said = [];
    const args = [this.folder, this.controlUrl, life, String(this.perSecond)];
    const child = fork(PROGRAM, args, {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (said: Omit<Said, 'at'>) => this.said.push({ at: performance.now(), ...said }));
    this.child = child;
  }

  /** kill -9, and started again at once. */
  async kill(): Promise<void> {
    const { child, life } = this.living();
    const written = performance.now() - WRITTEN_AFTER_MS;
    life.atLeast = this.said.findLast(({ at }) => at < written)?.added ?? 0;
    life.exactly = false;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    this.start();
  }

  /** Nothing more is recorded; what is there is handed over. */
  endAdding(): void {
    this.living().child.send('enough');
  }

  /** Added by this life so far, and what waits on the disk. */
  get latest(): { readonly added: number; readonly waiting: number } {
    return this.said.at(-1) ?? { added: 0, waiting: 0 };
  }

  async stop(): Promise<void> {
    const { child, life } = this.living();
    life.atLeast = this.latest.added;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }

  private living(): { readonly child: ChildProcess; readonly life: Life } {
    const life = this.lives.at(-1);
    if (!this.child || !life) throw new Error(`${this.name} was not started`);
    return { child: this.child, life };
  }
}
