import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { pageOf } from '#platform/http/page';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { READ_MODELS } from '#platform/tokens';
import { nextOf, placeIn } from '../place.js';
import type { NamedDevice } from '../named-device.js';

/** What one node recorded of one revision and one device, as far as it was proved. Times: RFC 3339, UTC; by the node's clock, but for `recordedAt`. */
export interface DeliveryLine {
  /** Null: it showed no session. */
  readonly device: {
    readonly brand: string;
    readonly model: string;
    readonly serial: string;
    readonly proof: string;
  } | null;
  readonly snap: string;
  readonly snapId: string | null;
  readonly revision: number;
  readonly node: string;
  /** Of the last offer. */
  readonly channel: string | null;
  /** How many hours it was offered in, how often it was downloaded to its end, and how often that broke off. */
  readonly offered: number;
  readonly completed: number;
  readonly brokenOff: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly completedAt: string | null;
  /** The ledger position of the policy that was obeyed at the last of these. */
  readonly position: string;
  /** The rule that the device was in its ring by then; null where no rule said so, and it was the proxy's own. */
  readonly member: { readonly ring: string; readonly rule: string; readonly position: string } | null;
  /** When control took the last of these, by its own clock. */
  readonly recordedAt: string;
}

export interface DeliveryPage {
  readonly deliveries: readonly DeliveryLine[];
  /** The last time of all that the filter lets through; null when nothing is. */
  readonly lastSeenAt: string | null;
  readonly next: string | null;
}

export interface DeliveryFilter {
  readonly device?: NamedDevice | undefined;
  /** A name or a snap-id. */
  readonly snap?: string | undefined;
  readonly revision?: number | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

export class ListDeliveries extends Query<DeliveryPage> {
  constructor(readonly filter: DeliveryFilter) {
    super();
  }
}

type Row = DeliveryLine & { readonly key: readonly string[]; readonly lastSeenAt: string };

@QueryHandler(ListDeliveries)
export class ListDeliveriesHandler implements IQueryHandler<ListDeliveries> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ filter }: ListDeliveries): Promise<DeliveryPage> {
    const { device, snap = null, revision = null, after, limit } = filter;
    const rows = await this.readModels.query<Row>(SELECT, [
      device?.serial ?? null,
      device?.brand ?? null,
      device?.model ?? null,
      snap,
      revision,
      after === undefined ? null : placeIn(after, FIRST),
      limit + 1,
    ]);
    const { rows: page, next } = pageOf('deliveries', rows, limit, nextOf);
    const deliveries = page.map(({ key: _key, lastSeenAt: _seen, ...line }) => line);
    return { deliveries, lastSeenAt: rows[0]?.lastSeenAt ?? null, next };
  }
}

/** Before all rows, by their keys. */
const FIRST = ['', '', '', '', '', '', '0', ''];

const SELECT = `
with asked as materialized (
  select * from read.delivery_v3
  where ($1::text is null or (serial = $1 and serial <> '' and ($2::text is null or brand = $2) and ($3::text is null or model = $3)))
    and ($4::text is null or name = $4 or snap_id = $4) and ($5::bigint is null or revision = $5)
)
select case when serial <> '' then json_build_object('brand', brand, 'model', model, 'serial', serial, 'proof', proof) end as device,
  name as snap, nullif(snap_id, '') as "snapId", revision::float8, node, channel, offered::float8, completed::float8,
  broken_off::float8 as "brokenOff", ${utc('first_at')} as "firstAt", ${utc('last_at')} as "lastAt",
  ${utc('completed_at')} as "completedAt", policy_position::text as position,
  case when ring is not null then json_build_object('ring', ring, 'rule', rule, 'position', members_position::text) end as member,
  ${utc('recorded_at')} as "recordedAt",
  array[brand, model, serial, proof, snap_id, name, revision::text, node] as key,
  (select ${utc('max(last_at)')} from asked) as "lastSeenAt"
from asked
where $6::text[] is null
  or (brand, model, serial, proof, snap_id, name, revision, node) > (($6::text[])[1], ($6::text[])[2], ($6::text[])[3], ($6::text[])[4],
    ($6::text[])[5], ($6::text[])[6], ($6::text[])[7]::bigint, ($6::text[])[8])
order by brand, model, serial, proof, snap_id, name, revision, node limit $7`;
