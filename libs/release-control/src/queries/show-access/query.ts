import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { READ_MODELS } from '#platform/tokens';
import type { Access, Listing, PublisherChanges } from '../../access.js';

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

/** A snap that is blocked for what its publisher or the store did. */
export interface BlockedSnap extends ListedSnap {
  /** The type of the event that it was blocked for last. */
  readonly because: string;
}

/** Who halted, when and why. */
export interface HaltView {
  readonly position: string;
  readonly at: string;
  readonly by: string;
  readonly why: string;
}

export interface HaltedSnap {
  readonly name: string;
  readonly subject: string;
  readonly halts: readonly HaltView[];
}

export interface AccessPolicyView {
  readonly ring: string;
  readonly access: Access;
  /** Null for a ring whose policy was never set: it is open. */
  readonly since: Since | null;
  /** By name. */
  readonly denied: readonly ListedSnap[];
  readonly allowed: readonly ListedSnap[];
  readonly blocked: readonly BlockedSnap[];
  /** What the ring does about publishers' doings, and since when; null for a ring where it was never set: it keeps. */
  readonly publisherChanges: PublisherChanges;
  readonly publisherChangesSince: Since | null;
  /** Of the whole ring, in their order; none while it is not halted. */
  readonly halts: readonly HaltView[];
  readonly halted: readonly HaltedSnap[];
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
  readonly what: string;
  readonly format: string;
  readonly name: string;
  readonly subject: string;
  readonly value: string;
  readonly because: string | null;
  readonly halted_by: string | null;
  readonly since: Since;
}

@QueryHandler(ShowAccess)
export class ShowAccessHandler implements IQueryHandler<ShowAccess> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ ring, names }: ShowAccess): Promise<AccessPolicyView> {
    const rows = await this.readModels.query<Row>(
      `select what, format, name, subject, value, because, halted_by,
         json_build_object('position', from_position::text, 'at', ${utc('from_at')}, 'changeRequest', change_request) as since
       from read.access_policy_v3
       where to_position is null and ring = $1 and (subject = '' or $2::text[] is null or name = any($2))
       order by name, subject, from_position`,
      [ring, names ?? null],
    );
    const own = rows.find(({ what }) => what === 'access');
    const halts = rows.filter(({ what }) => what === 'halt');
    const publishers = rows.find(({ what }) => what === 'publisher-changes');
    return {
      ring,
      access: own?.value === 'gated' ? 'gated' : 'open',
      since: own?.since ?? null,
      denied: listed(rows, 'denied'),
      allowed: listed(rows, 'allowed'),
      blocked: rows.filter(({ what }) => what === 'block').map(blocked),
      publisherChanges: publishers?.value === 'block' ? 'block' : 'keep',
      publisherChangesSince: publishers?.since ?? null,
      halts: halts.filter(({ subject }) => subject === '').map(haltOf),
      halted: haltedSnaps(halts.filter(({ subject }) => subject !== '')),
    };
  }
}

function listed(rows: readonly Row[], list: Listing): ListedSnap[] {
  return rows
    .filter(({ what, value }) => what === 'listing' && value === list)
    .map(({ format, name, subject, since }) => ({ format, name, subject, since }));
}

function haltedSnaps(halts: readonly Row[]): HaltedSnap[] {
  return [...Map.groupBy(halts, ({ subject }) => subject)].map(([subject, rows]) => {
    return { name: rows.at(-1)?.name ?? subject, subject, halts: rows.map(haltOf) };
  });
}

function haltOf({ since: { position, at }, halted_by, because }: Row): HaltView {
  return { position, at, by: halted_by ?? '', why: because ?? '' };
}

function blocked({ format, name, subject, since, because }: Row): BlockedSnap {
  return { format, name, subject, since, because: because ?? '' };
}
