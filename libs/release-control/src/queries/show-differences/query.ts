import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock } from '#kernel';
import { devicesOfRing, type RevisionInRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import { CLOCK, READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import type { Difference } from '../../domain/change-request/difference.js';
import type { OverrideChange } from '../../domain/change-request/events.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import type { Override } from '../../domain/release-policy/state.js';
import { targetKey, type ReleaseTarget } from '../../release-target.js';
import { ringOf, ringsOf } from '../../domain/change-request/plan.js';
import { changeRequestRow } from '../change-request-row.js';

/** A target of the request: what of it is signed, and how many devices it is about at this moment. */
export interface TargetDifference {
  readonly name: string;
  readonly target: ReleaseTarget;
  /** Versions; null: upstream decides. */
  readonly old: string | null;
  readonly new: string | null;
  /** The ring that it is of: of a release plan one of several. */
  readonly ring: string;
  /** Null for what upstream decides about from then on, and in older records. */
  readonly difference: Difference | null;
  /** Which revisions devices of the ring have of it, on this architecture, on whichever channel. */
  readonly installed: readonly Pick<RevisionInRing, 'revision' | 'devices'>[];
}

export interface HeldVersion {
  readonly name: string;
  readonly channel: string;
  readonly architecture: string;
  readonly version: string;
}

/** What is being approved: the differences, which are part of the signed record, and whom they are about now. */
export interface Differences {
  readonly id: string;
  readonly ring: string;
  readonly status: string;
  /** SHA-256, hex, of the record that the differences are part of; null before capture. */
  readonly recordDigest: string | null;
  readonly targets: readonly TargetDifference[];
  /** RFC 3339, UTC: when devices were counted, and what is held was looked up. */
  readonly countedAt: string;
  /** In the ring; of a release plan, in all of its rings. */
  readonly devices: number;
  readonly unidentified: number;
  /** What the ring holds beside the request's targets: the first of them by name, and how many. */
  readonly held: readonly HeldVersion[];
  readonly heldCount: number;
}

/** @throws ReleaseControlError `no-such-change-request` */
export class ShowDifferences extends Query<Differences> {
  constructor(readonly id: string) {
    super();
  }
}

/** A board reads no more; the ring's overrides are listed elsewhere. */
const MOST_HELD = 200;

@QueryHandler(ShowDifferences)
export class ShowDifferencesHandler implements IQueryHandler<ShowDifferences> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ id }: ShowDifferences): Promise<Differences> {
    const { state: request } = await changeRequestRow(this.readModels, id);
    const { ring, status } = request;
    const changes = ('changes' in request ? request.changes : []).filter(
      (change) => change.kind === undefined,
    );
    const snapIds = [...new Set(changes.map(({ target }) => target.subject))];
    const inRings = new Map<string, Awaited<ReturnType<typeof devicesOfRing>>>();
    for (const each of ringsOf(request))
      inRings.set(each, await devicesOfRing(this.readModels, each, snapIds));
    const revisionsIn = (each: string) => inRings.get(each)?.revisions ?? [];
    const all = [...inRings.values()];
    const { state: policy } = await this.streams.load(releasePolicy, releasePolicyStream(ring));
    const held = heldBeside(changes, [...policy.overrides.values()]);
    return {
      id,
      ring,
      status,
      recordDigest: 'recordDigest' in request ? request.recordDigest : null,
      targets: changes.map((change) => {
        const of = ringOf(request, change);
        return { ...described(change), ring: of, installed: having(change, revisionsIn(of)) };
      }),
      countedAt: this.clock.now(),
      devices: all.reduce((sum, { devices }) => sum + devices, 0),
      unidentified: all.reduce((sum, { unidentified }) => sum + unidentified, 0),
      held: held.slice(0, MOST_HELD),
      heldCount: held.length,
    };
  }
}

function described(change: OverrideChange): Omit<TargetDifference, 'installed' | 'ring'> {
  const { name, target, old, difference = null } = change;
  return { name, target, old: old?.version ?? null, new: change.new?.version ?? null, difference };
}

function having(
  { target }: OverrideChange,
  revisions: readonly RevisionInRing[],
): TargetDifference['installed'] {
  return revisions
    .filter(({ snapId, architecture }) => snapId === target.subject && architecture === target.architecture)
    .map(({ revision, devices }) => ({ revision, devices }));
}

function heldBeside(changes: readonly OverrideChange[], held: readonly Override[]): HeldVersion[] {
  const asked = new Set(changes.map(({ target }) => targetKey(target)));
  return held
    .filter(({ target }) => !asked.has(targetKey(target)))
    .map(({ name, target: { channel, architecture }, version }) => ({ name, channel, architecture, version }))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey({ name, channel, architecture }: HeldVersion): string {
  return [name, channel, architecture].join(' ');
}
