import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { READ_MODELS } from '#platform/tokens';
import type { NamedDevice } from '../named-device.js';

/** A snap that a device said it has. */
export interface InstalledSnapLine {
  readonly snapId: string;
  /** By the declaration that was verified; null where upstream was not asked, or has none. */
  readonly name: string | null;
  readonly instance: string | null;
  readonly revision: number;
  readonly channel: string;
  readonly cohort: boolean;
}

/** What a device has, as it last said to any of the proxies, with this proof. Times: RFC 3339, UTC. */
export interface InstalledOn {
  readonly device: {
    readonly brand: string;
    readonly model: string;
    readonly serial: string;
    readonly proof: string;
  };
  readonly architecture: string;
  /** Who recorded it. */
  readonly node: string;
  /** When it first said so to this node, and when it was last recorded that it does: within a day. By the node's clock. */
  readonly since: string;
  readonly saidAt: string;
  /** By control's own clock. */
  readonly recordedAt: string;
  /** Of the policy that the node obeyed then. */
  readonly position: string;
  /** The rule that the device was in its ring by then; null where no rule said so. */
  readonly member: { readonly ring: string; readonly rule: string; readonly position: string } | null;
  readonly snaps: readonly InstalledSnapLine[];
  /** How many more it named. */
  readonly leftOut: number;
}

/**
 * By a serial alone more than one device may be meant: at most 20. Who was accepted by the store under a serial comes before whoever showed only a
 * key under the same one.
 */
export class ShowInstalled extends Query<readonly InstalledOn[]> {
  constructor(readonly device: NamedDevice) {
    super();
  }
}

@QueryHandler(ShowInstalled)
export class ShowInstalledHandler implements IQueryHandler<ShowInstalled> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ device: { serial, brand, model } }: ShowInstalled): Promise<readonly InstalledOn[]> {
    return this.readModels.query<InstalledOn>(SELECT, [serial, brand ?? null, model ?? null]);
  }
}

const SELECT = `
with said as (
  select distinct on (brand, model, serial, proof) * from read.installed_v3
  where serial = $1 and serial <> '' and ($2::text is null or brand = $2) and ($3::text is null or model = $3)
  order by brand, model, serial, proof desc, said_at desc, node
  limit 20
)
select json_build_object('brand', brand, 'model', model, 'serial', serial, 'proof', proof) as device,
  architecture, node, ${utc('since')} as since, ${utc('said_at')} as "saidAt", ${utc('recorded_at')} as "recordedAt",
  policy_position::text as position,
  case when ring is not null then json_build_object('ring', ring, 'rule', rule, 'position', members_position::text) end as member,
  left_out::float8 as "leftOut", (
    select coalesce(json_agg(json_build_object('snapId', snap."snapId", 'name', upstream.name, 'instance', snap.instance,
      'revision', snap.revision, 'channel', snap.channel, 'cohort', snap.cohort)
      order by coalesce(upstream.name, snap."snapId"), snap.instance nulls first), '[]')
    from jsonb_to_recordset(said.snaps) as snap("snapId" text, instance text, revision bigint, channel text, cohort boolean)
    left join read.upstream_snap_v1 as upstream on upstream.snap_id = snap."snapId"
  ) as snaps
from said order by brand, model, serial, proof desc`;
