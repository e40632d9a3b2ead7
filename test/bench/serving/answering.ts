import type { Child } from './child.js';
import { load, type Shot } from './load.js';

export const CONNECTIONS = 8;

/** A proxy that answers, and the processor time that it has taken for that. */
export class Answering {
  private processorSeconds = 0;
  private seconds = 0;
  private answers = 0;

  constructor(
    private readonly proxy: Child,
    readonly shot: Shot,
  ) {}

  async forMs(ms: number): Promise<void> {
    const before = this.proxy.cpu();
    const { answers, seconds } = await load(this.shot, CONNECTIONS, ms);
    this.processorSeconds += this.proxy.cpu() - before;
    this.seconds += seconds;
    this.answers += answers;
  }

  /** Answers so far. */
  get count(): number {
    return this.answers;
  }

  /** Of an answer. */
  get processorMs(): number {
    return (this.processorSeconds * 1_000) / this.answers;
  }

  get msOfAnAnswer(): number {
    return (this.seconds * 1_000) / this.answers;
  }
}
