import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent } from '#platform/projection';
import type { ReleasePolicyEvent } from '../domain/release-policy/events.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';
import { emptyPolicy, evolveAll, type ReleasePolicy } from '../domain/release-policy/state.js';

interface Moment {
  /** The position of the first event that is not in. */
  readonly next: bigint;
  readonly policies: ReadonlyMap<string, ReleasePolicy>;
}

const BEGINNING: Moment = { next: 0n, policies: new Map() };

/**
 * Each ring's policy, folded from the whole history. One moment back is kept: the transaction of the last events may have failed, and then they
 * come again, perhaps with others behind them.
 */
export class FoldedPolicies {
  private before = BEGINNING;
  private now = BEGINNING;

  get(ring: string): ReleasePolicy | undefined {
    return this.now.policies.get(ring);
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

function foldOn({ next, policies }: Moment, events: readonly PositionedEvent[]): Moment {
  const folded = new Map(policies);
  const theirs = events.filter(({ envelope }) => ringOf(envelope.stream) !== undefined);
  for (const [ring = '', changes] of Map.groupBy(theirs, ({ envelope }) => ringOf(envelope.stream))) {
    const domain = changes.map(({ envelope }) => domainEvent<ReleasePolicyEvent>(releasePolicy, envelope));
    folded.set(ring, evolveAll(policies.get(ring) ?? emptyPolicy, domain));
  }
  return { next: next + BigInt(events.length), policies: folded };
}

const STREAM_PREFIX = releasePolicyStream('');

/** The ring whose policy a stream is; undefined for another kind of stream. */
export function ringOf(stream: string): string | undefined {
  return stream.startsWith(STREAM_PREFIX) ? stream.slice(STREAM_PREFIX.length) : undefined;
}
