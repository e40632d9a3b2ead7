import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock, Reason } from '#kernel';
import { entityTagOf } from '#audit-trail/published';
import { pageOf } from '#platform/http/page';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { CLOCK, READ_MODELS } from '#platform/tokens';
import type { TokenScope } from '../../domain/token/events.js';

export const TOKEN_STATUSES = ['good', 'revoked', 'expired', 'owner-disabled', 'owner-reset'] as const;

export interface TokenLine {
  readonly id: string;
  readonly name: string;
  readonly owner: { readonly id: string; readonly login: string; readonly name: string };
  readonly standingReason: Reason;
  readonly scope: TokenScope;
  readonly status: (typeof TOKEN_STATUSES)[number];
  readonly expiresAt: string;
  readonly issued: { readonly position: string; readonly at: string };
  /** The last event that it caused; null for one that was never used. */
  readonly lastUsed: { readonly position: string; readonly at: string } | null;
  /** As `If-Match` takes it. */
  readonly etag: string;
}

export interface TokenPage {
  readonly tokens: readonly TokenLine[];
  readonly next: string | null;
}

/** The oldest first. */
export class ListTokens extends Query<TokenPage> {
  constructor(readonly page: { readonly after?: string | undefined; readonly limit: number }) {
    super();
  }
}

@QueryHandler(ListTokens)
export class ListTokensHandler implements IQueryHandler<ListTokens> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ page: { after = '-1', limit } }: ListTokens): Promise<TokenPage> {
    const rows = await this.readModels.query<TokenLine>(
      `select token.id, token.name, standing_reason as "standingReason", scope, ${utc('expires_at')} as "expiresAt",
         json_build_object('id', person.id, 'login', person.login, 'name', person.name) as owner,
         case when revoked_at is not null then 'revoked' when expires_at <= $1::timestamptz then 'expired'
           when person.status = 'disabled' then 'owner-disabled'
           when person.reset_position > issued_position then 'owner-reset' else 'good' end as status,
         json_build_object('position', issued_position::text, 'at', ${utc('issued_at')}) as issued,
         case when used_at is null then null
           else json_build_object('position', used_position::text, 'at', ${utc('used_at')}) end as "lastUsed",
         ${entityTagOf(`'token/' || token.id`)} as etag
       from read.token_v1 as token join read.people_v6 as person on person.id = token.owner
       where issued_position > $2 order by issued_position limit $3`,
      [this.clock.now(), after, limit + 1],
    );
    const page = pageOf('tokens', rows, limit, ({ issued }) => issued.position);
    return { tokens: page.rows, next: page.next };
  }
}
