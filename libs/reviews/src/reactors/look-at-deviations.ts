import { uuidv7, type Clock, type CommandContext } from '#kernel';
import type { EventStore } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { firstFreeNumber, reviewsBefore } from '../commands/numbers.js';
import { REVIEW_KINDS, reviewStream } from '../domain/kinds.js';
import { deviationsOf, overdueDeviations } from '../domain/review/deviations.js';
import { review } from '../domain/review/review.js';

/** Escalates deviations that were to be closed and are open (R16): says so of each, once. */
export class Deviations {
  /** Reviews that are over and have no open deviation: they never get one any more. */
  readonly #settled = new Set<string>();

  constructor(
    private readonly streams: StreamWriter,
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  /**
   * One review of which nothing can be said keeps none of the others from being looked at.
   * @returns how many are overdue now
   * @throws AggregateError of what could not be said, once all were looked at
   */
  async look(): Promise<number> {
    let overdue = 0;
    const failures: unknown[] = [];
    for (const kind of REVIEW_KINDS) {
      const number = await firstFreeNumber(this.store, kind);
      const isSettled = (id: string) => this.#settled.has(id);
      for await (const state of reviewsBefore(this.streams, kind, number, isSettled)) {
        const at = this.clock.now();
        const due = overdueDeviations(state, at);
        overdue += due.length;
        if (due.some(({ escalated }) => !escalated))
          await this.escalate(state.id, at).catch((error: unknown) => failures.push(error));
        if (state.status !== 'open' && deviationsOf(state).every(({ closed }) => closed !== null))
          this.#settled.add(state.id);
      }
    }
    if (failures.length > 0)
      throw new AggregateError(
        failures,
        `of ${failures.length} reviews it could not be said that a deviation is due`,
      );
    return overdue;
  }

  private async escalate(id: string, at: string): Promise<void> {
    const stream = reviewStream(id);
    const cause = uuidv7();
    const context: CommandContext = {
      at,
      actor: { kind: 'service', id: 'worker', for: stream },
      reason: { code: 'deviation-due', text: `A deviation that ${id} found was to be closed, and is open.` },
      cause,
      correlation: cause,
      authorisedBy: [],
    };
    await this.streams.decideAndAppend(review, stream, { type: 'EscalateDeviations', context });
  }
}
