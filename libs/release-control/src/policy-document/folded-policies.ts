import {
  deviceList,
  deviceListStream,
  rings,
  RINGS_STREAM,
  type DeviceList,
  type Rings,
} from '#fleet/published';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent } from '#platform/projection';
import type { ReleasePolicyEvent } from '../domain/release-policy/events.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';
import { emptyPolicy, evolveAll, type ReleasePolicy } from '../domain/release-policy/state.js';
import type { MembershipRule } from '../domain/membership/rule.js';
import type { SiteRules } from '../membership-document/build.js';

interface Moment {
  /** The position of the first event that is not in. */
  readonly next: bigint;
  readonly policies: ReadonlyMap<string, ReleasePolicy>;
  readonly rings: Rings;
  readonly lists: ReadonlyMap<string, DeviceList>;
}

const BEGINNING: Moment = { next: 0n, policies: new Map(), rings: rings.initialState, lists: new Map() };

/**
 * Each ring's policy, with the order of the rings and the lists that rules of membership name, folded from the whole history. One moment back is kept: the transaction of the last events may have failed, and then they
 * come again, perhaps with others behind them.
 */
export class FoldedPolicies {
  private before = BEGINNING;
  private now = BEGINNING;

  get(ring: string): ReleasePolicy | undefined {
    return this.now.policies.get(ring);
  }

  /** Who is in which ring. */
  get members(): SiteRules {
    const { policies, rings: order } = this.now;
    return { rings: order, members: new Map([...policies].map(([ring, policy]) => [ring, rulesOf(policy)])) };
  }

  /** The versions of a list, without their devices; none of one that was never imported. */
  list(name: string): DeviceList {
    return this.now.lists.get(name) ?? deviceList.initialState;
  }

  /** The position of the first event that is not in. */
  get next(): bigint {
    return this.now.next;
  }

  /** @throws Error when events are missing before these */
  fold(events: readonly PositionedEvent[]): void {
    const news = events.filter(({ position }) => position >= this.before.next);
    const [first] = news;
    if (!first) return;
    const base = [this.now, this.before].find(({ next }) => next === first.position);
    if (!base) throw new Error(`the policies are at position ${this.now.next}, not at ${first.position}`);
    this.before = base;
    this.now = foldOn(base, news);
  }
}

function foldOn({ next, policies, rings: order, lists }: Moment, events: readonly PositionedEvent[]): Moment {
  const folded = new Map(policies);
  const theirs = events.filter(({ envelope }) => ringOf(envelope.stream) !== undefined);
  for (const [ring = '', changes] of Map.groupBy(theirs, ({ envelope }) => ringOf(envelope.stream))) {
    const domain = changes.map(({ envelope }) => domainEvent<ReleasePolicyEvent>(releasePolicy, envelope));
    folded.set(ring, evolveAll(policies.get(ring) ?? emptyPolicy, domain));
  }
  return {
    next: next + BigInt(events.length),
    policies: folded,
    rings: events.reduce(
      (known, { envelope }) =>
        envelope.stream === RINGS_STREAM ? rings.evolve(known, domainEvent(rings, envelope)) : known,
      order,
    ),
    lists: foldLists(lists, events),
  };
}

function rulesOf({ members }: ReleasePolicy): readonly MembershipRule[] {
  return [...members.values()].map(({ rule }) => rule);
}

const LIST_PREFIX = deviceListStream('');

function foldLists(
  lists: ReadonlyMap<string, DeviceList>,
  events: readonly PositionedEvent[],
): ReadonlyMap<string, DeviceList> {
  const imported = events.filter(({ envelope }) => envelope.stream.startsWith(LIST_PREFIX));
  if (imported.length === 0) return lists;
  const folded = new Map(lists);
  for (const { envelope } of imported) {
    const list = envelope.stream.slice(LIST_PREFIX.length);
    folded.set(list, deviceList.evolve(folded.get(list) ?? [], domainEvent(deviceList, envelope)));
  }
  return folded;
}

const STREAM_PREFIX = releasePolicyStream('');

/** The ring whose policy a stream is; undefined for another kind of stream. */
export function ringOf(stream: string): string | undefined {
  return stream.startsWith(STREAM_PREFIX) ? stream.slice(STREAM_PREFIX.length) : undefined;
}
