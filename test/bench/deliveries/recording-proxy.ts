import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const PROGRAM = path.join(import.meta.dirname, 'recording-node.js');

/** What a life of a node has certainly recorded: revisions 1 to `atLeast` under its name; `exactly`, unless it was killed before it could say so. */
export interface Life {
  readonly name: string;
  atLeast: number;
  exactly: boolean;
}

interface Said {
  readonly added: number;
  readonly waiting: number;
}

const NOTHING: Said = { added: 0, waiting: 0 };

/** A recording node that can be killed: the next life goes on with the folder that the last one left. */
export class RecordingProxy {
  readonly lives: Life[] = [];
  private child: ChildProcess | undefined;
  private said: Said = NOTHING;

  constructor(
    readonly name: string,
    private readonly folder: string,
    private readonly controlUrl: string,
    private readonly perSecond: number,
  ) {}

  start(): void {
    const life = `${this.name}-life-${this.lives.length + 1}`;
    this.lives.push({ name: life, atLeast: 0, exactly: true });
    this.said = NOTHING;
    const args = [this.folder, this.controlUrl, life, String(this.perSecond)];
    const child = fork(PROGRAM, args, {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (said: Said) => {
      this.said = said;
    });
    this.child = child;
  }

  /** kill -9, and started again at once. */
  async kill(): Promise<void> {
    const { child, life } = this.living();
    // What is added is written: no record of which it has told may be missing.
    life.atLeast = this.said.added;
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
  get latest(): Said {
    return this.said;
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
