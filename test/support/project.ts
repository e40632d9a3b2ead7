import type { Client } from 'pg';
import { decodeEvent } from '#kernel';
import type { EventStore } from '#event-store/port';
import type { PositionedEvent, Projection } from '#platform/projection';
import { emptyReadModels, projectInto } from './read-models.js';

/** A projector for a test: its read models are live from the start, and follow when they are told to. */
export class ProjectorOnDemand {
  private projected = 0;

  private constructor(
    private readonly client: Client,
    private readonly store: EventStore,
    private readonly projections: readonly Projection[],
  ) {}

  /** @param client with the projector's role, connected; the test ends it */
  static async start(
    client: Client,
    store: EventStore,
    projections: readonly Projection[],
  ): Promise<ProjectorOnDemand> {
    await emptyReadModels(client, projections);
    return new ProjectorOnDemand(client, store, projections);
  }

  /** Does what the projector does with what is new. */
  async catchUp(): Promise<void> {
    const events: PositionedEvent[] = [];
    let cursor = '';
    for await (const append of this.store.readAll(null)) {
      cursor = append.cursor;
      for (const { bytes } of append.events) {
        events.push({ position: BigInt(events.length), envelope: decodeEvent(bytes), bytes });
      }
    }
    await projectInto(this.client, this.projections, events.slice(this.projected), cursor);
    this.projected = events.length;
  }
}
