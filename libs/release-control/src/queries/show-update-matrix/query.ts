import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock } from '#kernel';
import { countDeliveries, devicesOfRing, knownRings } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { CLOCK, READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import type { ChangeRequestStatus } from '../../domain/change-request/state.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import type { ReleasePolicy } from '../../domain/release-policy/state.js';
import { cellOf, TAKEN_ON, type HeldFact, type UpdateCell } from '../../domain/update-matrix/cell.js';
import { CAPTURED_AT, CHANGES } from '../captured-at.js';
import { ListHolds, ListHoldsHandler, type HoldLine } from '../list-holds/query.js';

/** A version of a snap, and how it stands in each ring. */
export interface UpdateLine {
  readonly snap: string;
  readonly snapId: string;
  readonly revision: number;
  /** In its maker's words; null where upstream never showed it. */
  readonly version: string | null;
  /** Upstream has it on these channels now, and since when we know. */
  readonly offered: readonly { readonly channel: string; readonly since: string }[];
  readonly gone: boolean;
  /** One for each ring, in their order. */
  readonly cells: readonly UpdateCell[];
}

export interface UpdateMatrix {
  readonly rings: readonly string[];
  readonly updates: readonly UpdateLine[];
  /** How many snaps there was no room for. */
  readonly leftOut: number;
}

export class ShowUpdateMatrix extends Query<UpdateMatrix> {
  constructor(
    /** Undefined: all that is held or watched. */
    readonly snap: string | undefined,
    readonly reviewAfterDays: number,
  ) {
    super();
  }
}

/** Snaps, and versions of each, the newest of them and those that a ring holds: a page for people, whose older lines are in the trail. */
const MOST_SNAPS = 100;
const MOST_VERSIONS = 25;

interface SubjectRow {
  readonly snap: string;
  readonly snapId: string;
}

interface VersionRow {
  readonly snapId: string;
  readonly revision: number;
  readonly version: string | null;
  readonly gone: boolean;
  readonly offered: UpdateLine['offered'];
}

interface RequestRow {
  readonly id: string;
  readonly ring: string;
  readonly status: ChangeRequestStatus;
  readonly why: string | null;
  readonly capturedAt: string | null;
  readonly snapId: string;
  readonly version: string;
}

/** What is recorded of one ring. */
interface RingFacts {
  readonly ring: string;
  /** By snap-id: what is held, and why nothing of it is served, if so. */
  readonly held: ReadonlyMap<string, readonly HeldFact[]>;
  readonly withheld: ReadonlyMap<string, string | null>;
  /** Devices with some version, by snap-id, and with one, by snap-id and revision. */
  readonly withAny: ReadonlyMap<string, number>;
  readonly withThis: ReadonlyMap<string, number>;
}

/** R37: of each update, in each ring, how far it has come, and where it has not, why. */
@QueryHandler(ShowUpdateMatrix)
export class ShowUpdateMatrixHandler implements IQueryHandler<ShowUpdateMatrix> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ snap, reviewAfterDays }: ShowUpdateMatrix): Promise<UpdateMatrix> {
    const rings = await knownRings(this.streams);
    const found = await this.readModels.query<SubjectRow>(SUBJECTS, [snap ?? null, TAKEN_ON]);
    const subjects = found.slice(0, MOST_SNAPS);
    const ids = subjects.map(({ snapId }) => snapId);
    const requests = await this.readModels.query<RequestRow>(REQUESTS, [ids]);
    const versions = await this.readModels.query<VersionRow>(VERSIONS, [
      ids,
      requests.map(({ snapId }) => snapId),
      requests.map(({ version }) => Number(version)),
      MOST_VERSIONS,
    ]);
    const facts: RingFacts[] = [];
    for (const ring of rings) facts.push(await this.factsOf(ring, ids, versions));
    const now = this.clock.now();
    const asked = Map.groupBy(requests, ({ snapId, version }) => `${snapId} ${version}`);
    const names = new Map(subjects.map((each) => [each.snapId, each.snap]));
    const updates = versions.map((row) => ({
      ...row,
      snap: names.get(row.snapId) ?? row.snapId,
      cells: facts.map((its) =>
        cellFor(its, row, asked.get(`${row.snapId} ${row.revision}`) ?? [], rings, now, reviewAfterDays),
      ),
    }));
    return { rings, updates, leftOut: found.length - subjects.length };
  }

  private async factsOf(
    ring: string,
    ids: readonly string[],
    versions: readonly VersionRow[],
  ): Promise<RingFacts> {
    const { state: policy } = await this.streams.load(releasePolicy, releasePolicyStream(ring));
    const holds = await new ListHoldsHandler(this.readModels, this.streams).execute(new ListHolds(ring));
    const { revisions } = await devicesOfRing(this.readModels, ring, ids);
    const withAny = new Map<string, number>();
    for (const { snapId, devices } of revisions) withAny.set(snapId, (withAny.get(snapId) ?? 0) + devices);
    const counted = await countDeliveries(this.readModels, ring, versions);
    const withThis = new Map(
      counted.map(({ snapId, revision, installed, downloaded }) => [
        `${snapId} ${revision}`,
        Math.max(installed, downloaded),
      ]),
    );
    const withheld = new Map(ids.map((snapId) => [snapId, withheldIn(policy, snapId)]));
    return { ring, held: heldIn(policy, holds), withheld, withAny, withThis };
  }
}

function cellFor(
  { ring, held, withheld, withAny, withThis }: RingFacts,
  { snapId, revision }: VersionRow,
  asked: readonly RequestRow[],
  rings: readonly string[],
  now: string,
  reviewAfterDays: number,
): UpdateCell {
  const earlier = rings.slice(0, rings.indexOf(ring));
  const facts = {
    version: String(revision),
    requests: asked.filter((each) => each.ring === ring),
    verifiedBefore: asked
      .filter((each) => earlier.includes(each.ring) && ['verified', 'closed'].includes(each.status))
      .map(({ ring: where, id }) => ({ ring: where, id })),
    held: held.get(snapId) ?? [],
    withheld: withheld.get(snapId) ?? null,
    devicesWithAny: withAny.get(snapId) ?? 0,
    devicesWithThis: withThis.get(`${snapId} ${revision}`) ?? 0,
  };
  return cellOf(ring, facts, now, reviewAfterDays);
}

/** By snap-id, in the order of the policy. */
function heldIn(
  { overrides }: ReleasePolicy,
  holds: readonly HoldLine[],
): ReadonlyMap<string, readonly HeldFact[]> {
  const keyOf = (of: Pick<HoldLine, 'name' | 'channel' | 'architecture' | 'version'>) =>
    JSON.stringify([of.name, of.channel, of.architecture, of.version]);
  const lines = new Map(holds.map((line) => [keyOf(line), line]));
  const found = [...overrides.values()].flatMap(({ name, target, version }) => {
    const line = lines.get(keyOf({ ...target, name, version }));
    return line ? [{ snapId: target.subject, fact: heldFact(line) }] : [];
  });
  const bySnap = Map.groupBy(found, ({ snapId }) => snapId);
  return new Map([...bySnap].map(([snapId, its]) => [snapId, its.map(({ fact }) => fact)]));
}

function heldFact({ version, since, reason, newer, terms }: HoldLine): HeldFact {
  const until = terms?.expiresAt ? `, until ${terms.expiresAt}` : '';
  return {
    version,
    since: since.at,
    changeRequest: since.changeRequest,
    reason: reason?.text ?? null,
    acceptance: terms ? `${terms.risk} (owner ${terms.owner}${until})` : null,
    newerSince: newer?.since ?? null,
  };
}

function withheldIn({ halts, halted, blocked, listed }: ReleasePolicy, snapId: string): string | null {
  if (halts.length > 0) return 'the ring is halted';
  const is = (subjects: Iterable<{ readonly subject: string }>) =>
    [...subjects].some(({ subject }) => subject === snapId);
  if (is(halted.values())) return 'it is halted there';
  if (is(blocked.values())) return 'it is blocked there for what its publisher did';
  const denied = [...listed.values()].filter(({ listing }) => listing === 'denied');
  return is(denied) ? 'it is denied there' : null;
}

const SUBJECTS = `
select min(name) as snap, "snapId" from (
  select name, subject as "snapId" from read.override_v1 where format = 'snap' and to_position is null
  union select name, snap_id from read.upstream_snap_v1 where name is not null
  union select change ->> 'name', change -> 'target' ->> 'subject' from read.change_request_v9 as request
    cross join lateral ${CHANGES}
    where request.status = any($2) and change -> 'new' ->> 'version' is not null
) as known where $1::text is null or name = $1 or "snapId" = $1
group by "snapId" order by 1, 2`;

const REQUESTS = `
select distinct request.id, coalesce(change ->> 'ring', request.ring) as ring, request.status, request.history -> -1 -> 'reason' ->> 'text' as why,
  ${CAPTURED_AT} as "capturedAt", change -> 'target' ->> 'subject' as "snapId", change -> 'new' ->> 'version' as version, request.first_position
from read.change_request_v9 as request
cross join lateral ${CHANGES}
where change -> 'target' ->> 'subject' = any($1) and change -> 'new' ->> 'version' is not null
order by request.first_position`;

/** What upstream has shown, what a ring holds, and what was asked for: the newest of each snap, and all that a ring holds, however old. */
const VERSIONS = `
select "snapId", revision, version, gone, offered from (
  select known."snapId", known.revision::float8 as revision, seen.version, coalesce(seen.gone, false) as gone,
    (select coalesce(json_agg(json_build_object('channel', offer.channel, 'since', ${utc('offer.since_at')}) order by offer.channel), '[]')
     from (select channel, min(since_at) as since_at from read.upstream_channel_v1
       where snap_id = known."snapId" and revision = known.revision group by channel) as offer) as offered,
    row_number() over (partition by known."snapId" order by known.revision desc) as place
  from (
    select snap_id as "snapId", revision from read.upstream_revision_v1 where snap_id = any($1)
    union select snap_id, revision from read.upstream_channel_v1 where snap_id = any($1)
    union select subject, version::bigint from read.override_v1 where subject = any($1) and format = 'snap' and to_position is null
    union select * from unnest($2::text[], $3::bigint[])
  ) as known
  left join read.upstream_revision_v1 as seen on seen.snap_id = known."snapId" and seen.revision = known.revision
) as numbered where place <= $4 or exists (
  select from read.override_v1 as held
  where held.subject = numbered."snapId" and held.version = numbered.revision::bigint::text and held.format = 'snap' and held.to_position is null
) order by "snapId", revision desc`;
