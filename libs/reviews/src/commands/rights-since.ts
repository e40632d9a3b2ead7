import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { EventsOfTypes, type PlacedEvent } from '#audit-trail/published';
import type { EventStore } from '#event-store/port';
import { gainedRight, GAINS, LOSSES } from '#identity/published';
import { decodeEvent, later } from '#kernel';
import { ProjectionProgress } from '#platform/at-least/projection-progress';
import type { StreamWriter } from '#platform/decide-and-append';
import { EVENT_STORE, STREAM_WRITER } from '#platform/tokens';
import type { GainedRight } from '../domain/review/commands.js';
import { contentOf, type OpenReviewState } from '../domain/review/state.js';
import { allPages } from './all-pages.js';

const TYPES = [...GAINS, ...LOSSES];
/** The read model that knows positions. */
const TRAIL = 'audit-trail';
/** Of a period that has no end. */
const NEVER = '9999-12-31T23:59:59.999Z';

/** What people may do more than an access review lists, up to the head of the event store: what no read model has taken yet is read from there. */
@Injectable()
export class RightsSince {
  constructor(
    private readonly queries: QueryBus,
    private readonly progress: ProjectionProgress,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  /**
   * What was gained behind the events that the review follows from, and what was gained among them only after it was opened. What was gained between
   * an earlier moment that was asked for and the opening is left out, on purpose: the review says of which moment it is.
   * @returns none for a review of another kind
   */
  async of(review: OpenReviewState): Promise<readonly GainedRight[]> {
    const content = contentOf(review, 'access');
    if (!content) return [];
    const { size } = content.scope;
    let changes = await this.changes(review.openedAt, size);
    // A clock of another server that is behind: the list ends where the first later time stands, and so what follows there is not in it, whatever its time.
    const first = changes[0]?.position ?? size;
    if (BigInt(first) < BigInt(size)) changes = await this.changes(review.openedAt, first);
    const gained: GainedRight[] = [];
    for (const change of changes) {
      const what = await gainedRight(this.streams, change);
      if (what !== undefined) gained.push({ position: change.position, what });
    }
    return gained;
  }

  /** In the order of their positions: of a time after `openedAt`, or at the position `since` or behind it. */
  private async changes(openedAt: string, since: string): Promise<readonly PlacedEvent[]> {
    const trail = (await this.progress.checkpoints()).find(({ name }) => name === TRAIL);
    const { cursor, nextPosition: size } = trail ?? { cursor: null, nextPosition: '0' };
    const period = { from: later(openedAt, 1), to: NEVER, size, since };
    const known = await allPages((after, limit) =>
      this.queries.execute(new EventsOfTypes(period, TYPES, after, limit)),
    );
    const newer: PlacedEvent[] = [];
    let position = BigInt(size);
    for await (const { events } of this.store.readAll(cursor))
      for (const { type, bytes } of events) {
        const at = position++;
        if (!TYPES.includes(type)) continue;
        const envelope = decodeEvent(bytes);
        if (at >= BigInt(since) || envelope.at > openedAt) newer.push({ ...envelope, position: String(at) });
      }
    return [...known, ...newer];
  }
}
