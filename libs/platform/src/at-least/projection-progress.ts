import { Inject, Injectable } from '@nestjs/common';
import type { Cursor, EventStore } from '#event-store/port';
import type { ReadModels } from '../http/read-models.js';
import type { ReadModelVersion } from '../projection.js';
import { EVENT_STORE, READ_MODEL_VERSIONS, READ_MODELS } from '../tokens.js';

export interface ProjectionCheckpoint extends ReadModelVersion {
  /** The position of the first event that it has not taken yet; a decimal string. */
  readonly nextPosition: string;
  /** Of the last append that it has taken; null before the first. */
  readonly cursor: Cursor | null;
}

/** How far the read models are that this process reads, in the versions that it was written for. */
@Injectable()
export class ProjectionProgress {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODEL_VERSIONS) private readonly versions: readonly ReadModelVersion[],
  ) {}

  /** One that is not live yet, since the projector of this release has not run or is at it, counts as being at the beginning. */
  checkpoints(): Promise<readonly ProjectionCheckpoint[]> {
    return this.readModels.query<ProjectionCheckpoint>(
      `select name, version, coalesce(next_position, 0)::text as "nextPosition", cursor
       from unnest($1::text[], $2::integer[]) as ours (name, version)
       left join read.projection_checkpoint using (name, version) order by name`,
      [this.versions.map(({ name }) => name), this.versions.map(({ version }) => version)],
    );
  }

  /** @throws EventStoreError `malformed-cursor` */
  async reached(cursor: Cursor): Promise<boolean> {
    // Whatever the read models are: a cursor that is none is refused.
    this.store.compareCursors(cursor, cursor);
    const checkpoints = await this.checkpoints();
    return checkpoints.every((at) => at.cursor !== null && this.store.compareCursors(at.cursor, cursor) >= 0);
  }
}
