import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { pageOf } from '#platform/http/page';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS } from '#platform/tokens';
import type { ReviewKind } from '../../domain/kinds.js';
import type { ReviewStatus } from '../../domain/review/state.js';

export interface ReviewListed {
  readonly id: string;
  readonly kind: ReviewKind;
  readonly status: ReviewStatus;
  readonly openedBy: string;
  readonly openedAt: string;
  readonly nextDue: string;
  readonly lines: number;
  readonly findings: number;
  /** Printed names, in the order of signing. */
  readonly signedBy: readonly string[];
  readonly firstPosition: string;
}

export interface ReviewPage {
  readonly reviews: readonly ReviewListed[];
  /** Give it as `after` for the next page; null when this was the last one. */
  readonly next: string | null;
}

/** The newest first. */
export class ListReviews extends Query<ReviewPage> {
  constructor(
    readonly filter: {
      readonly kind?: string | undefined;
      readonly status?: string | undefined;
      readonly after?: string | undefined;
      readonly limit: number;
    },
  ) {
    super();
  }
}

@QueryHandler(ListReviews)
export class ListReviewsHandler implements IQueryHandler<ListReviews> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ filter }: ListReviews): Promise<ReviewPage> {
    const { kind = null, status = null, after = null, limit } = filter;
    const rows = await this.readModels.query<ReviewListed>(
      `select id, kind, status, state -> 'openedBy' ->> 'name' as "openedBy", state ->> 'openedAt' as "openedAt",
         state ->> 'nextDue' as "nextDue", jsonb_array_length(state -> 'content' -> 'lines') as lines,
         jsonb_array_length(state -> 'findings') as findings, first_position::text as "firstPosition",
         array(select signature ->> 'printedName' from jsonb_array_elements(state -> 'signatures') with ordinality as made (signature, n)
           order by n) as "signedBy"
       from read.review_v1 review
       where ($1::text is null or kind = $1) and ($2::text is null or status = $2)
         and ($3::bigint is null or review.first_position < $3)
       order by review.first_position desc limit $4`,
      [kind, status, after, limit + 1],
    );
    const page = pageOf('reviews', rows, limit, ({ firstPosition }) => firstPosition);
    return { reviews: page.rows, next: page.next };
  }
}
