import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock } from '#kernel';
import type { ReadModels } from '#platform/http/read-models';
import { CLOCK, READ_MODELS } from '#platform/tokens';
import type { ChangeRequestStatus } from '../../domain/change-request/state.js';
import { TAKEN_ON } from '../../domain/update-matrix/cell.js';
import { CAPTURED_AT, CHANGES } from '../captured-at.js';

/** R37: an update that was found to apply, and that a ring does not have though nobody has said why. */
export interface UpdateNotApplied {
  readonly ring: string;
  readonly name: string;
  readonly channel: string;
  readonly architecture: string;
  readonly version: string;
  readonly changeRequest: string;
  readonly status: ChangeRequestStatus;
  /** RFC 3339, UTC: when the request was captured. */
  readonly since: string;
  /** Whole ones since then. */
  readonly days: number;
}

/** The oldest first. */
export class ListUpdatesNotApplied extends Query<readonly UpdateNotApplied[]> {
  constructor(readonly afterDays: number) {
    super();
  }
}

const DAY_MS = 86_400_000;

@QueryHandler(ListUpdatesNotApplied)
export class ListUpdatesNotAppliedHandler implements IQueryHandler<ListUpdatesNotApplied> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ afterDays }: ListUpdatesNotApplied): Promise<readonly UpdateNotApplied[]> {
    const now = Date.parse(this.clock.now());
    const latest = new Date(now - afterDays * DAY_MS).toISOString();
    const rows = await this.readModels.query<Omit<UpdateNotApplied, 'days'>>(NOT_APPLIED, [TAKEN_ON, latest]);
    return rows.map((row) => ({ ...row, days: Math.floor((now - Date.parse(row.since)) / DAY_MS) }));
  }
}

const NOT_APPLIED = `
select ring, name, channel, architecture, version, "changeRequest", status, since from (
  select coalesce(change ->> 'ring', request.ring) as ring, change ->> 'name' as name, change -> 'target' ->> 'subject' as subject,
    change -> 'target' ->> 'channel' as channel, change -> 'target' ->> 'architecture' as architecture,
    change -> 'new' ->> 'version' as version, request.id as "changeRequest", request.status, ${CAPTURED_AT} as since, request.first_position
  from read.change_request_v9 as request cross join lateral ${CHANGES}
  where request.status = any($1) and change ->> 'kind' is null and change -> 'new' ->> 'version' is not null
) as asked
where since <= $2 and not exists (
  select from read.override_v1 as held
  where held.to_position is null and held.ring = asked.ring and held.subject = asked.subject
    and held.channel = asked.channel and held.architecture = asked.architecture and held.version = asked.version
) order by since, first_position, ring, name, channel, architecture`;
