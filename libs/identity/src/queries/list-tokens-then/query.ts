import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS } from '#platform/tokens';

/** A token with which a program could act at a time, and whose it is. */
export interface TokenThen {
  readonly name: string;
  readonly owner: string;
  readonly login: string;
  readonly ownerName: string;
  readonly rings: readonly string[];
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
}

/** Tokens that were issued by a time, and neither revoked nor over; by their owners' logins. */
export class ListTokensThen extends Query<readonly TokenThen[]> {
  /** @param at RFC 3339 */
  constructor(readonly at: string) {
    super();
  }
}

type Row = Omit<TokenThen, 'expiresAt'> & { readonly expiresAt: Date };

@QueryHandler(ListTokensThen)
export class ListTokensThenHandler implements IQueryHandler<ListTokensThen> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ at }: ListTokensThen): Promise<readonly TokenThen[]> {
    const rows = await this.readModels.query<Row>(
      `select token.name, owner, login, people.name as "ownerName", scope -> 'rings' as rings, expires_at as "expiresAt"
       from read.token_v1 token join read.people_v6 people on people.id = owner
       where issued_at <= $1::timestamptz and expires_at > $1::timestamptz
         and (revoked_at is null or revoked_at > $1::timestamptz)
         and (disabled_at is null or disabled_at > $1::timestamptz)
       order by login, issued_position`,
      [at],
    );
    return rows.map((row) => ({ ...row, expiresAt: row.expiresAt.toISOString() }));
  }
}
