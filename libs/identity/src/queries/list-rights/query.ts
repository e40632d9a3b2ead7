import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS } from '#platform/tokens';
import type { HeldRole } from '../../domain/roles.js';

/** A person as they were: nobody is left out who was enrolled by then. */
export interface RightsThen {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly roles: readonly HeldRole[];
  readonly disabled: boolean;
}

export class ListRights extends Query<readonly RightsThen[]> {
  /** @param at RFC 3339 */
  constructor(readonly at: string) {
    super();
  }
}

/**
 * Who had which right at a time: at the last position by which that time had not passed. Where the clock was set back the later position counts as
 * happened no earlier than what came before it: as of a time is a prefix of the history, and never a mixture.
 */
@QueryHandler(ListRights)
export class ListRightsHandler implements IQueryHandler<ListRights> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ at }: ListRights): Promise<readonly RightsThen[]> {
    return this.readModels.query<RightsThen>(
      `with happened as (
         select enrolled_position as position, enrolled_at as at from read.people_v6
         union all select disabled_position, disabled_at from read.people_v6 where disabled_position is not null
         union all select from_position, from_at from read.person_roles_v6
         union all select to_position, to_at from read.person_roles_v6 where to_position is not null),
       marked as (select position, max(at) over (order by position) as at from happened),
       known as (select coalesce(max(position), -1) as position from marked where at <= $1::timestamptz)
       select id, login, name, coalesce(disabled_position <= known.position, false) as disabled,
         array(select role from read.person_roles_v6 where person = id and from_position <= known.position
           and (to_position is null or to_position > known.position) order by role) as roles
       from read.people_v6, known where enrolled_position <= known.position order by login`,
      [at],
    );
  }
}
