import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventEnvelope } from '#kernel';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS } from '#platform/tokens';

/** An event's place in the trail, and what it is, without its data. */
export interface TrailEntry {
  readonly position: string;
  readonly type: string;
  readonly stream: string;
  /** Its number there. */
  readonly streamRevision: string;
  /** Whoever answers for it: a person, or the owner of the token that acted; null for a service. */
  readonly person: { readonly id: string; readonly name: string } | null;
  /** SHA-256, hex, of its bytes. */
  readonly sha256: string;
}

/** How many events the trail has: the position after its last one. */
export class ReadTrailSize extends Query<string> {}

@QueryHandler(ReadTrailSize)
export class ReadTrailSizeHandler implements IQueryHandler<ReadTrailSize> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute(): Promise<string> {
    const [row] = await this.readModels.query<{ size: string }>(
      'select coalesce(max(position) + 1, 0)::text as size from read.audit_trail_v1',
    );
    return row?.size ?? '0';
  }
}

/** The entries at the positions from `from` on and below `to`, in order: a page of them, for who goes through a range. */
export class ReadRange extends Query<readonly TrailEntry[]> {
  constructor(
    readonly from: bigint,
    readonly to: bigint,
  ) {
    super();
  }
}

/** More are read in several pages. */
export const MOST_ENTRIES = 10_000n;

@QueryHandler(ReadRange)
export class ReadRangeHandler implements IQueryHandler<ReadRange> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ from, to }: ReadRange): Promise<readonly TrailEntry[]> {
    const end = to - from > MOST_ENTRIES ? from + MOST_ENTRIES : to;
    return this.readModels.query<TrailEntry>(
      `select position::text as position, type, stream, body ->> 'streamRevision' as "streamRevision", sha256,
         case body -> 'actor' ->> 'kind'
           when 'person' then json_build_object('id', actor, 'name', actor_name)
           when 'token' then json_build_object('id', body -> 'actor' -> 'owner' ->> 'id', 'name', actor_name)
         end as person
       from read.audit_trail_v1 where position >= $1::bigint and position < $2::bigint
       order by read.audit_trail_v1.position`,
      [String(from), String(end)],
    );
  }
}

/** An event as it was written, and where. */
export type PlacedEvent = EventEnvelope & { readonly position: string };

/** Events of a period, below a position. */
export interface Period {
  /** RFC 3339; `from` is included, `to` is not. */
  readonly from: string;
  readonly to: string;
  readonly size: string;
  /** Where the last period's trail ended: what stands from there on was in no period yet, and is in this one also where its time is before `from`. */
  readonly since?: string;
}

/** SQL: of the events of a period, which is the first four parameters, as {@link parametersOf} has them. */
const IN_PERIOD =
  '(at >= $1::timestamptz or position >= $4::bigint) and at < $2::timestamptz and position < $3::bigint';

function parametersOf({ from, to, size, since }: Period): readonly (string | null)[] {
  return [from, to, size, since ?? null];
}

/** How many events there were in a period. */
export class CountEvents extends Query<number> {
  constructor(readonly period: Period) {
    super();
  }
}

@QueryHandler(CountEvents)
export class CountEventsHandler implements IQueryHandler<CountEvents> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ period }: CountEvents): Promise<number> {
    const [row] = await this.readModels.query<{ events: number }>(
      `select count(*)::integer as events from read.audit_trail_v1 where ${IN_PERIOD}`,
      parametersOf(period),
    );
    return row?.events ?? 0;
  }
}

/** Those of some types, in order, behind a position: up to `limit` of them. */
export class EventsOfTypes extends Query<readonly PlacedEvent[]> {
  constructor(
    readonly period: Period,
    readonly types: readonly string[],
    readonly after: string,
    readonly limit: number,
  ) {
    super();
  }
}

@QueryHandler(EventsOfTypes)
export class EventsOfTypesHandler implements IQueryHandler<EventsOfTypes> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ period, types, after, limit }: EventsOfTypes): Promise<readonly PlacedEvent[]> {
    const rows = await this.readModels.query<PlacedRow>(
      `select position::text as position, body from read.audit_trail_v1
       where ${IN_PERIOD} and type = any($5) and position > $6::bigint
       order by read.audit_trail_v1.position limit $7`,
      [...parametersOf(period), types, after, limit],
    );
    return rows.map(({ position, body }) => ({ ...body, position }));
  }
}

/** The last event, in a period, of each stream that begins so: in the order of their positions, up to `limit`. */
export class LastOfStreams extends Query<readonly PlacedEvent[]> {
  constructor(
    readonly period: Period,
    readonly prefix: string,
    readonly limit: number,
  ) {
    super();
  }
}

@QueryHandler(LastOfStreams)
export class LastOfStreamsHandler implements IQueryHandler<LastOfStreams> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ period, prefix, limit }: LastOfStreams): Promise<readonly PlacedEvent[]> {
    const rows = await this.readModels.query<PlacedRow>(
      `with last as (
         select max(position) as position from read.audit_trail_v1
         where ${IN_PERIOD} and starts_with(stream, $5) group by stream)
       select trail.position::text as position, body from read.audit_trail_v1 trail join last using (position)
       order by last.position limit $6`,
      [...parametersOf(period), prefix, limit],
    );
    return rows.map(({ position, body }) => ({ ...body, position }));
  }
}

interface PlacedRow {
  readonly position: string;
  readonly body: EventEnvelope;
}
