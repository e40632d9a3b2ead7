import { Inject, Injectable } from '@nestjs/common';
import type { Cursor, EventStore } from '#event-store/port';
import type { ReadModels } from '../http/read-models.js';
import { EVENT_STORE, READ_MODELS } from '../tokens.js';

export interface ProjectionCheckpoint {
  readonly name: string;
  readonly version: number;
  /** The position of the first event that it has not taken yet; a decimal string. */
  readonly nextPosition: string;
  readonly cursor: Cursor;
}

/** How far the projector is, as `read.projection_checkpoint` says it. */
@Injectable()
export class ProjectionProgress {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  /** The newest version of each projection; nothing before the projector ran for the first time. */
  async checkpoints(): Promise<readonly ProjectionCheckpoint[]> {
    const [table] = await this.readModels.query<{ found: boolean }>(
      "select to_regclass('read.projection_checkpoint') is not null as found",
    );
    if (!table?.found) return [];
    return this.readModels.query<ProjectionCheckpoint>(
      `select distinct on (name) name, version, next_position::text as "nextPosition", cursor
       from read.projection_checkpoint order by name, version desc`,
    );
  }

  /** @throws EventStoreError `malformed-cursor` */
  async reached(cursor: Cursor): Promise<boolean> {
    const checkpoints = await this.checkpoints();
    return (
      checkpoints.length > 0 &&
      checkpoints.every((checkpoint) => this.store.compareCursors(checkpoint.cursor, cursor) >= 0)
    );
  }
}
