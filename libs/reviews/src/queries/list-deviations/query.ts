import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock } from '#kernel';
import { pageOf } from '#platform/http/page';
import type { ReadModels } from '#platform/http/read-models';
import { CLOCK, READ_MODELS } from '#platform/tokens';
import { deviationsOf } from '../../domain/review/deviations.js';
import type { Opened } from '../../domain/review/state.js';
import type { ShownDeviation } from '../show-review/query.js';

/** A deviation that a review found, and how it stands. */
export interface DeviationListed extends ShownDeviation {
  readonly review: string;
  readonly text: string;
  readonly foundBy: string;
  readonly foundAt: string;
  /** Of the record elsewhere. */
  readonly ticket: string | null;
  /** Of the event that it is about. */
  readonly position: string | null;
}

export interface DeviationPage {
  readonly deviations: readonly DeviationListed[];
  /** Give it as `after` for the next page; null when this was the last one. */
  readonly next: string | null;
}

/** Deviations of all reviews, in the order of those; `limit` is of reviews that have some. */
export class ListDeviations extends Query<DeviationPage> {
  constructor(
    readonly filter: {
      /** Those that nobody has closed alone. */
      readonly open: boolean;
      readonly after?: string | undefined;
      readonly limit: number;
    },
  ) {
    super();
  }
}

interface Row {
  readonly id: string;
  readonly firstPosition: string;
  readonly found: Pick<Opened, 'findings' | 'closed' | 'escalated'>;
}

@QueryHandler(ListDeviations)
export class ListDeviationsHandler implements IQueryHandler<ListDeviations> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ filter }: ListDeviations): Promise<DeviationPage> {
    const { open, after = null, limit } = filter;
    const rows = await this.readModels.query<Row>(
      `select id, first_position::text as "firstPosition", json_build_object('findings', state -> 'findings',
         'closed', coalesce(state -> 'closed', '[]'), 'escalated', coalesce(state -> 'escalated', '[]')) as found
       from read.review_v1 review
       cross join lateral (select count(*) from jsonb_array_elements(state -> 'findings') finding where finding ->> 'kind' = 'deviation') as said (deviations)
       where deviations > (case when $1 then jsonb_array_length(coalesce(state -> 'closed', '[]')) else 0 end)
         and ($2::bigint is null or review.first_position > $2)
       order by review.first_position limit $3`,
      [open, after, limit + 1],
    );
    const page = pageOf('deviations', rows, limit, ({ firstPosition }) => firstPosition);
    const now = this.clock.now();
    const deviations = page.rows.flatMap((row) => listed(row, now));
    return { deviations: deviations.filter(({ closed }) => !open || closed === null), next: page.next };
  }
}

function listed({ id, found }: Row, now: string): readonly DeviationListed[] {
  return deviationsOf(found).map(({ said, ...stands }) => {
    const { text, by, at, ticket = null, position = null } = said;
    const overdue = stands.closed === null && stands.due <= now;
    return { review: id, ...stands, overdue, text, foundBy: by.name, foundAt: at, ticket, position };
  });
}
