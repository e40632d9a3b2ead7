import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Reason } from '#kernel';
import { pageOf } from '#platform/http/page';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS } from '#platform/tokens';

export interface ChangeRequestLine {
  readonly id: string;
  readonly ring: string;
  readonly status: string;
  readonly author: string;
  /** Of the newest revision. */
  readonly reason: Reason;
  readonly firstPosition: string;
  readonly lastPosition: string;
}

export interface ChangeRequestPage {
  readonly changeRequests: readonly ChangeRequestLine[];
  /** Give it as `after` for the next page; null when this was the last one. */
  readonly next: string | null;
}

/** The newest first. */
export class ListChangeRequests extends Query<ChangeRequestPage> {
  constructor(
    readonly filter: {
      readonly status?: string | undefined;
      readonly after?: string | undefined;
      readonly limit: number;
    },
  ) {
    super();
  }
}

@QueryHandler(ListChangeRequests)
export class ListChangeRequestsHandler implements IQueryHandler<ListChangeRequests> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ filter }: ListChangeRequests): Promise<ChangeRequestPage> {
    const { status = null, after = null, limit } = filter;
    const rows = await this.readModels.query<ChangeRequestLine>(
      // States are large, and those of the page alone are read.
      `with page as materialized (
         select id, ring, status, author, first_position as "firstPosition", last_position as "lastPosition"
         from read.change_request_v9
         where ($1::text is null or status = $1) and ($2::bigint is null or first_position < $2)
         order by first_position desc limit $3
       )
       select page.*, (select state -> 'reason' from read.change_request_v9 request where request.id = page.id) as reason
       from page
       order by page."firstPosition" desc`,
      [status, after, limit + 1],
    );
    const page = pageOf('change-requests', rows, limit, ({ firstPosition }) => firstPosition);
    return { changeRequests: page.rows, next: page.next };
  }
}
