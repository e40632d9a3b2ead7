import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { READ_MODELS } from '#platform/tokens';
import type { Access, Listing } from '../../access.js';

/** The event that made it so. */
export interface Since {
  readonly position: string;
  readonly at: string;
  readonly changeRequest: string;
}

/** A snap on a list of the ring; its name is the one that it was listed by. */
export interface ListedSnap {
  readonly format: string;
  readonly name: string;
  readonly subject: string;
  readonly since: Since;
}

export interface AccessPolicyView {
  readonly ring: string;
  readonly access: Access;
  /** Null for a ring whose policy was never set: it is open. */
  readonly since: Since | null;
  /** By name. */
  readonly denied: readonly ListedSnap[];
  readonly allowed: readonly ListedSnap[];
}

/** A ring's access policy as it is in force. @param names only these on the lists */
export class ShowAccess extends Query<AccessPolicyView> {
  constructor(
    readonly ring: string,
    readonly names?: readonly string[],
  ) {
    super();
  }
}

interface Row {
  readonly format: string;
  readonly name: string;
  readonly subject: string;
  readonly value: Access | Listing;
  readonly since: Since;
}

@QueryHandler(ShowAccess)
export class ShowAccessHandler implements IQueryHandler<ShowAccess> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ ring, names }: ShowAccess): Promise<AccessPolicyView> {
    const rows = await this.readModels.query<Row>(
      `select format, name, subject, value,
         json_build_object('position', from_position::text, 'at', ${utc('from_at')}, 'changeRequest', change_request) as since
       from read.access_policy_v1
       where to_position is null and ring = $1 and (subject = '' or $2::text[] is null or name = any($2))
       order by name, subject`,
      [ring, names ?? null],
    );
    const own = rows.find(({ subject }) => subject === '');
    return {
      ring,
      access: own?.value === 'gated' ? 'gated' : 'open',
      since: own?.since ?? null,
      denied: listed(rows, 'denied'),
      allowed: listed(rows, 'allowed'),
    };
  }
}

function listed(rows: readonly Row[], list: Listing): ListedSnap[] {
  return rows
    .filter(({ value }) => value === list)
    .map(({ format, name, subject, since }) => ({ format, name, subject, since }));
}
