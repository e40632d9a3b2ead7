import { setTimeout as delay } from 'node:timers/promises';
import type { Chance } from '../chance.js';
import { until } from '../until.js';
import type { Board, Item, Shown } from './board.js';
import { Stock } from './stock.js';

/** A site that is away is asked again after a while, as people do. */
const AFTER_FAILURE_MS = 150;
const ANSWER_WITHIN_MS = 20_000;

/** The people's load: everything that changes the record, through control's REST. */
export class Writers {
  /** The newest revision that was held from end to end, and when it was asked for (`performance.now()`). */
  held: { readonly revision: number; readonly asked: number } | undefined;
  private toolHeld = false;

  constructor(
    private readonly board: Board,
    private readonly stock: Stock,
  ) {}

  /** Runs until `stop`; what is under way then is finished. */
  async run(stop: AbortSignal, chance: Chance): Promise<void> {
    const loop = async (turn: () => Promise<unknown>): Promise<void> => {
      while (!stop.aborted) await turn().catch(() => delay(AFTER_FAILURE_MS));
    };
    await Promise.all([
      loop(() => this.holdNewest()),
      loop(() => this.moveTool(chance)),
      loop(() => this.scribble(chance)),
    ]);
  }

  /** Holds a revision that was never held before: asked for, captured, approved, applied. @throws Error when it did not come to that */
  async holdNewest(): Promise<void> {
    const asked = performance.now();
    const item = this.fresh();
    await this.hold(item);
    this.held = { revision: item.revision, asked };
  }

  /** Something to ask for that was never captured. */
  fresh(): Item & { readonly revision: number } {
    return { snap: 'lab-hello', channel: 'latest/stable', revision: this.stock.addRevision('lab-hello') };
  }

  async hold(item: Item): Promise<void> {
    const drafted = await this.board.draft([item], true);
    if (drafted.kind !== 'acknowledged') throw new Error(`not drafted: ${JSON.stringify(drafted)}`);
    const captured = await this.answered(drafted.id, ['submitted']);
    if (captured.status !== 'captured') throw new Error(`${drafted.id} is ${captured.status}, not captured`);
    const approved = await this.board.decide('approve', captured);
    if (approved.kind !== 'acknowledged') throw new Error(`not approved: ${JSON.stringify(approved)}`);
    const { status } = await this.answered(drafted.id, ['captured', 'approved']);
    if (status !== 'effective') throw new Error(`${drafted.id} is ${status}, not effective`);
  }

  /** Holds and gives back by turns. */
  private async moveTool(chance: Chance): Promise<void> {
    const revision = this.toolHeld ? null : chance.pick([3, 4, 7]);
    await this.hold({ snap: 'lab-tool', channel: 'latest/stable', revision }).finally(() => {
      // An unknown outcome may have been either: by turns it comes right again.
      this.toolHeld = !this.toolHeld;
    });
    await delay(100);
  }

  /** Several drafts at once, some handed in, withdrawn, refused or rejected after that. */
  private async scribble(chance: Chance): Promise<void> {
    const items = [{ snap: 'lab-multi', channel: 'latest/beta', revision: 10 + chance.below(4) }];
    const drafts = await Promise.all([1, 2, 3].map(() => this.board.draft(items, false)));
    for (const drafted of drafts) {
      if (drafted.kind !== 'acknowledged') continue;
      const fate = chance.pick(['left', 'withdrawn', 'submitted', 'rejected'] as const);
      if (fate === 'withdrawn') await this.board.withdraw(drafted.id);
      if (fate === 'submitted' || fate === 'rejected') await this.board.submit(drafted.id);
      if (fate === 'rejected') {
        const captured = await this.answered(drafted.id, ['drafted', 'submitted']);
        if (captured.status === 'captured') await this.board.decide('reject', captured);
      }
    }
    await this.askForBad();
    await delay(200 + chance.below(300));
  }

  /** What no capture may accept: there is nothing, or it is not what upstream signed. */
  private async askForBad(): Promise<void> {
    for (const [snap, revision] of [
      ['lab-hello', Stock.MISSING],
      [Stock.TAMPERED.snap, this.stock.addTampered()],
    ] as const) {
      const asked = await this.board.draft([{ snap, channel: 'latest/stable', revision }], true);
      if (asked.kind === 'unknown') throw new Error(asked.why);
    }
  }

  private answered(id: string, before: readonly string[]): Promise<Shown> {
    return until(`${id} is answered`, ANSWER_WITHIN_MS, async () => {
      const shown = await this.board.show(id);
      return before.includes(shown.status) ? undefined : shown;
    });
  }
}
