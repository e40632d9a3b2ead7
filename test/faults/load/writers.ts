import { setTimeout as delay } from 'node:timers/promises';
import type { Chance } from '../chance.js';
import { answeredBy, type Answered } from './answered.js';
import type { Board, Item } from './board.js';
import { acknowledged, LongerLives } from './lives.js';
import { Stock } from './stock.js';

/** A site that is away is asked again after a while, as people do. */
const AFTER_FAILURE_MS = 150;

/** The people's load: everything that changes the record, through control's REST. */
export class Writers {
  /** The newest revision that was held from end to end, and when it was asked for (`performance.now()`). */
  held: { readonly revision: number; readonly asked: number } | undefined;
  readonly lives: LongerLives;
  private toolHeld = false;
  private readonly answered: Answered;

  constructor(
    private readonly board: Board,
    private readonly stock: Stock,
  ) {
    this.answered = answeredBy(board);
    this.lives = new LongerLives(board, this.answered);
  }

  /** Runs until `stop`; what is under way then is finished. */
  async run(stop: AbortSignal, chance: Chance): Promise<void> {
    const loop = async (turn: () => Promise<unknown>): Promise<void> => {
      while (!stop.aborted) await turn().catch(() => delay(AFTER_FAILURE_MS));
    };
    await Promise.all([
      loop(() => this.holdNewest()),
      loop(() => this.moveTool(chance)),
      loop(() => this.scribble(chance)),
      loop(() => this.lives.releaseInEmergency(chance)),
      loop(() => this.lives.plan(chance)),
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
    const drafted = acknowledged(await this.board.draft([item], { submit: true }));
    const captured = await this.answered(drafted, ['submitted']);
    if (captured.status !== 'captured') throw new Error(`${drafted} is ${captured.status}, not captured`);
    acknowledged(await this.board.decide('approve', captured));
    const { status } = await this.answered(drafted, ['captured', 'approved']);
    if (status !== 'effective') throw new Error(`${drafted} is ${status}, not effective`);
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

  /** Several drafts at once, talked over, with files, some asked for anew, handed in, withdrawn, refused or rejected after that. */
  private async scribble(chance: Chance): Promise<void> {
    const items = () => [{ snap: 'lab-multi', channel: 'latest/beta', revision: 10 + chance.below(4) }];
    const drafts = await Promise.all([1, 2, 3].map(() => this.board.draft(items(), { submit: false })));
    for (const drafted of drafts) {
      if (drafted.kind !== 'acknowledged') continue;
      const fate = chance.pick(['left', 'withdrawn', 'submitted', 'rejected', 'revised'] as const);
      await Promise.all([
        this.board.comment(drafted.id),
        this.board.attach(drafted.id, `report ${chance.below(3)} on ${drafted.id}\n`.repeat(1_000)),
      ]);
      if (fate === 'revised') {
        // Also what the worker captures at the same time.
        await this.board.submit(drafted.id);
        await this.board.revise(drafted.id, items(), chance.below(2) === 0);
      }
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
      const asked = await this.board.draft([{ snap, channel: 'latest/stable', revision }], { submit: true });
      if (asked.kind === 'unknown') throw new Error(asked.why);
    }
  }
}
