import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { revisionOf } from '#audit-trail/published';
import { NO_STREAM } from '#event-store/port';
import { showRevision } from '#platform/given-command';
import { pageOf } from '#platform/http/page';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { READ_MODELS } from '#platform/tokens';
import { WATCH_LIST_STREAM } from '../../domain/watch-list/watch-list.js';

/** A watched snap, with how it was last seen; the members of that are null before the first look. */
export interface WatchedSnapLine {
  readonly name: string;
  /** Null for one that was listed by its name and never seen. */
  readonly snapId: string | null;
  /** A person has put it on the list. */
  readonly listed: boolean;
  /** A change request has asked for it. */
  readonly askedFor: boolean;
  readonly publisher: string | null;
  readonly declarationRevision: number | null;
  readonly revoked: boolean;
  /** Why the last look was refused, if it was. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** Of the last thing that was recorded of it. */
  readonly changed: { readonly position: string; readonly at: string } | null;
}

export interface WatchedSnapPage {
  readonly watchedSnaps: readonly WatchedSnapLine[];
  /** Give it as `after` for the next page; null when this was the last one. */
  readonly next: string | null;
}

export class ListWatchedSnaps extends Query<WatchedSnapPage> {
  constructor(readonly filter: { readonly after?: string | undefined; readonly limit: number }) {
    super();
  }
}

@QueryHandler(ListWatchedSnaps)
export class ListWatchedSnapsHandler implements IQueryHandler<ListWatchedSnaps> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ filter }: ListWatchedSnaps): Promise<WatchedSnapPage> {
    const [name = null, snapId = null] = filter.after?.split(' ') ?? [];
    // The list is one record. Its revision first: what comes between the two makes it look older, and never newer.
    const [list] = await this.readModels.query<{ readonly revision: string | null }>(LIST);
    showRevision(BigInt(list?.revision ?? NO_STREAM));
    const rows = await this.readModels.query<WatchedSnapLine>(WATCHED, [name, snapId, filter.limit + 1]);
    const page = pageOf(
      'watched-snaps',
      rows,
      filter.limit,
      ({ name: last, snapId: id }) => `${last} ${id ?? ''}`,
    );
    return { watchedSnaps: page.rows, next: page.next };
  }
}

const LIST = `select ${revisionOf(`'${WATCH_LIST_STREAM}'`)} as revision`;

/** A listed name was seen as the snap that had the name then; the newest one, if it went from one to another. */
const WATCHED = `
select watched.name, coalesce(watched.snap_id, snap.snap_id) as "snapId", watched.listed,
  watched.asked as "askedFor", snap.publisher, snap.declaration_revision as "declarationRevision",
  coalesce(snap.revoked, false) as revoked,
  case when snap.failure_code is not null
    then json_build_object('code', snap.failure_code, 'message', snap.failure_message) end as failure,
  case when snap.snap_id is not null then json_build_object('position', snap.changed_position::text, 'at',
    ${utc('snap.changed_at')}) end as changed
from (
  select coalesce(asked.name, listed.name) as name, asked.snap_id, listed.name is not null as listed,
    asked.snap_id is not null as asked
  from read.asked_snap_v1 as asked full join read.listed_snap_v1 as listed on listed.name = asked.name
) as watched
left join lateral (
  select * from read.upstream_snap_v1 as seen
  where seen.snap_id = watched.snap_id or (watched.snap_id is null and seen.name = watched.name)
  order by seen.changed_position desc limit 1
) as snap on true
where $1::text is null or (watched.name, coalesce(watched.snap_id, snap.snap_id, '')) > ($1, $2)
order by watched.name, coalesce(watched.snap_id, snap.snap_id, '') limit $3`;
