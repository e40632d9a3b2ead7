import { setTimeout as delay } from 'node:timers/promises';
import type { Chance } from '../chance.js';
import type { Answered } from './answered.js';
import type { Board, Item } from './board.js';
import type { Outcome } from './record.js';

const SNAP = 'lab-multi';
/** All that upstream has of it. */
const REVISIONS = [10, 11, 12, 13] as const;
const CANARY_THEN_PILOT = {
  ring: 'canary',
  stages: [{ ring: 'pilot', soakHours: 0, verified: true }],
} as const;

/** What goes through more hands than an author's and an approver's: releases in an emergency, and plans for several rings. */
export class LongerLives {
  /** Released, and not known to be ratified. */
  private readonly released = new Set<string>();

  constructor(
    private readonly board: Board,
    private readonly answered: Answered,
  ) {}

  /** Names who is on call. @throws Error when it is not in force then */
  async prepare(): Promise<void> {
    const asked = acknowledged(await this.board.draftOnCall([SNAP]));
    const captured = await this.answered(asked, ['submitted']);
    acknowledged(await this.board.decide('approve', captured));
    const { status } = await this.answered(asked, ['captured', 'approved']);
    if (status !== 'effective') throw new Error(`${asked} is ${status}, not effective`);
  }

  /** One who is on call releases; two others ratify it, also what an earlier fault kept from that. */
  async releaseInEmergency(chance: Chance): Promise<void> {
    const items = [item('latest/candidate', chance)];
    const drafted = acknowledged(await this.board.draft(items, { submit: true, emergency: true }));
    const captured = await this.answered(drafted, ['submitted']);
    if (captured.status === 'captured') {
      this.released.add(drafted);
      await this.board.release(captured);
    }
    for (const id of this.released) await this.ratify(id);
    await delay(100 + chance.below(200));
  }

  /** One decision for two rings: verified in the first, or recalled before the second. */
  async plan(chance: Chance): Promise<void> {
    const items = [item('latest/edge', chance)];
    const drafted = acknowledged(await this.board.draft(items, { submit: true, ...CANARY_THEN_PILOT }));
    const captured = await this.answered(drafted, ['submitted']);
    if (captured.status !== 'captured') return;
    acknowledged(await this.board.decide('approve', captured));
    const { status } = await this.answered(drafted, ['captured', 'approved']);
    if (status !== 'rolling-out') throw new Error(`${drafted} is ${status}, not rolling out`);
    if (chance.below(4) === 0) await this.board.recall(drafted);
    else {
      acknowledged(await this.board.verify(drafted, 'canary'));
      await this.answered(drafted, ['rolling-out']);
    }
    await delay(100 + chance.below(200));
  }

  private async ratify(id: string): Promise<void> {
    const { emergency } = await this.board.show(id);
    // The release was refused, or did not come so far.
    if (!emergency) return void this.released.delete(id);
    for (const login of ['ben', 'cyd'] as const)
      if ((await this.board.ratify(login, id, emergency.releaseDigest)).kind === 'unknown') return;
    this.released.delete(id);
  }
}

function item(channel: string, chance: Chance): Item {
  return { snap: SNAP, channel, revision: chance.pick(REVISIONS) };
}

/** @returns which request it is about @throws Error when it was refused, or nobody knows */
export function acknowledged(outcome: Outcome): string {
  if (outcome.kind === 'acknowledged') return outcome.id;
  throw new Error(`not done: ${JSON.stringify(outcome)}`);
}
