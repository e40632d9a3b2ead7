import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { READ_MODELS } from '#platform/tokens';
import type { SyncOutcome } from '../../domain/sync/sync.js';
import { CatalogError } from '../../errors.js';

export const SYNC_STATUSES = ['asked', 'running', 'done'] as const;

/** How far a sync is. */
export interface SyncView {
  readonly id: string;
  readonly status: (typeof SYNC_STATUSES)[number];
  readonly requestedBy: string;
  readonly requestedAt: string;
  /** Null until the worker has begun. */
  readonly total: number | null;
  readonly done: number;
  /** Null until it is done. */
  readonly outcome: SyncOutcome | null;
}

/** @throws CatalogError `no-such-sync` */
export class ShowSync extends Query<SyncView> {
  constructor(readonly id: string) {
    super();
  }
}

@QueryHandler(ShowSync)
export class ShowSyncHandler implements IQueryHandler<ShowSync> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ id }: ShowSync): Promise<SyncView> {
    const [row] = await this.readModels.query<SyncView>(
      `select id, status, requested_by as "requestedBy", ${utc('requested_at')} as "requestedAt", total, done, outcome
       from read.sync_v1 where id = $1`,
      [id],
    );
    if (!row) throw new CatalogError('no-such-sync', `there is no sync ${id}`);
    return row;
  }
}
