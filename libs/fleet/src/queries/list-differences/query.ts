import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { pageOf } from '#platform/http/page';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { READ_MODELS } from '#platform/tokens';
import { nextOf, placeIn } from '../place.js';

/** What an incumbent said, and what its shadow would have. Times: RFC 3339, UTC, by the nodes' clocks. */
export interface DifferenceLine {
  readonly endpoint: string;
  readonly snap: string;
  readonly snapId: string | null;
  /** The channel and the architecture; null where it is about none. */
  readonly place: string | null;
  readonly incumbent: string;
  readonly ours: string;
  readonly why: string;
  /** How often it was seen. */
  readonly count: number;
  /** How many devices are known to have been answered so; more may be. */
  readonly devices: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** The ledger position of the policy that the last of them was compared under. */
  readonly position: string;
}

/** Requests, counted. */
export interface ComparisonSummary {
  readonly requests: number;
  readonly equal: number;
  readonly differing: number;
  readonly notCompared: readonly { readonly reason: string; readonly count: number }[];
  readonly firstAt: string | null;
  readonly lastAt: string | null;
}

export interface DifferencePage {
  /** Of all snaps. */
  readonly summary: ComparisonSummary;
  readonly differences: readonly DifferenceLine[];
  readonly next: string | null;
}

export interface DifferenceFilter {
  /** A name or a snap-id. */
  readonly snap?: string | undefined;
  /** What was not seen since then is left out; requests are counted by whole hours. */
  readonly since?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

export class ListDifferences extends Query<DifferencePage> {
  constructor(readonly filter: DifferenceFilter) {
    super();
  }
}

interface OutcomeRow {
  readonly outcome: string;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

@QueryHandler(ListDifferences)
export class ListDifferencesHandler implements IQueryHandler<ListDifferences> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ filter }: ListDifferences): Promise<DifferencePage> {
    const { snap = null, since = null, after, limit } = filter;
    const outcomes = await this.readModels.query<OutcomeRow>(OUTCOMES, [since]);
    const rows = await this.readModels.query<DifferenceLine & { readonly key: readonly string[] }>(SELECT, [
      snap,
      since,
      after === undefined ? null : placeIn(after, FIRST),
      limit + 1,
    ]);
    const { rows: page, next } = pageOf('shadow', rows, limit, nextOf);
    return { summary: summed(outcomes), differences: page.map(({ key: _key, ...line }) => line), next };
  }
}

function summed(outcomes: readonly OutcomeRow[]): ComparisonSummary {
  const counted = (name: string) => outcomes.find(({ outcome }) => outcome === name)?.count ?? 0;
  return {
    requests: outcomes.reduce((sum, { count }) => sum + count, 0),
    equal: counted('equal'),
    differing: counted('differs'),
    notCompared: outcomes
      .filter(({ outcome }) => outcome !== 'equal' && outcome !== 'differs')
      .map(({ outcome, count }) => ({ reason: outcome, count })),
    firstAt: outcomes.map(({ firstAt }) => firstAt).sort()[0] ?? null,
    lastAt:
      outcomes
        .map(({ lastAt }) => lastAt)
        .sort()
        .at(-1) ?? null,
  };
}

/** Before all rows, by their keys. */
const FIRST = ['', '', '', '', '', '', ''];

const OUTCOMES = `
select outcome, sum(count)::float8 as count, ${utc('min(first_at)')} as "firstAt", ${utc('max(last_at)')} as "lastAt"
from read.comparison_v1 where $1::timestamptz is null or last_at >= $1
group by outcome order by sum(count) desc, outcome`;

const SELECT = `
select endpoint, name as snap, nullif(snap_id, '') as "snapId", nullif(place, '') as place, incumbent, ours, why,
  sum(count)::float8 as count, (count(distinct (brand, model, serial)) filter (where serial <> ''))::float8 as devices,
  ${utc('min(first_at)')} as "firstAt", ${utc('max(last_at)')} as "lastAt",
  (array_agg(policy_position order by last_at desc))[1]::text as position,
  array[name, snap_id, endpoint, place, incumbent, ours, why] as key
from read.difference_v1
where ($1::text is null or name = $1 or snap_id = $1) and ($2::timestamptz is null or last_at >= $2)
  and ($3::text[] is null or (name, snap_id, endpoint, place, incumbent, ours, why) >
    (($3::text[])[1], ($3::text[])[2], ($3::text[])[3], ($3::text[])[4], ($3::text[])[5], ($3::text[])[6], ($3::text[])[7]))
group by name, snap_id, endpoint, place, incumbent, ours, why
order by name, snap_id, endpoint, place, incumbent, ours, why limit $4`;
