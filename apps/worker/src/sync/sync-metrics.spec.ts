import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { ALARMING } from '#catalog/domain/upstream-snap/events';
import type { Observation } from '#catalog/domain/upstream-snap/observation';
import { upstreamSnap } from '#catalog/domain/upstream-snap/upstream-snap';
import { DECLARATION, observation, release } from '#catalog/testing/observations';
import { fold, StoppedClock } from '#kernel';
import { byWorker } from '#test/support/decider-specification';
import { syncMetrics, type SyncMetrics } from './sync-metrics.js';

const newer = { ...DECLARATION, revision: 3, sha256: 'd3'.repeat(32) };
const gone = { revision: 7, architecture: 'amd64', version: '7.0', offered: false, held: true };

let registry: Registry;
let metrics: SyncMetrics;
beforeEach(() => {
  registry = new Registry();
  metrics = syncMetrics(registry, 360, new StoppedClock('2026-11-26T12:00:00.000Z'));
});

async function counted(): Promise<Record<string, number>> {
  const { values } = (await registry.getSingleMetric('holdfast_publisher_events_total')?.get()) ?? {
    values: [],
  };
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels['event']), value]));
}

/** A look at a snap that was seen before, as it usually is. */
function lookAt(seen: Partial<Observation>): void {
  const command = (changes: Partial<Observation>) =>
    ({
      type: 'ObserveSnap',
      observation: observation(changes),
      context: byWorker('watch-list/snap'),
    }) as const;
  const before = fold(upstreamSnap, upstreamSnap.decide(command({}), upstreamSnap.initialState));
  metrics.looked({ outcome: 'changed', events: upstreamSnap.decide(command(seen), before) });
}

const none = Object.fromEntries(ALARMING.map((event) => [event, 0]));

describe('of what is done to a watched snap upstream', () => {
  it('each kind that a person must look at is there from the start, at 0', async () => {
    expect(await counted()).toEqual({
      ChannelClosed: 0,
      RevisionVanished: 0,
      DeclarationRevoked: 0,
      PublisherChanged: 0,
      SigningKeysChanged: 0,
    });
  });

  it.each<[keyof typeof none, string, Partial<Observation>]>([
    ['ChannelClosed', 'a closed channel', { releases: [] }],
    ['RevisionVanished', 'a held revision that vanished', { revisions: [gone] }],
    ['RevisionVanished', 'one that nobody holds', { revisions: [{ ...gone, held: false }] }],
    ['DeclarationRevoked', 'a revoked declaration', { declaration: { ...newer, revoked: true } }],
    ['PublisherChanged', 'another publisher', { declaration: newer, publisher: 'other' }],
    ['SigningKeysChanged', 'other signing keys', { declaration: newer, signingKeys: ['key-c'] }],
  ])('%s counts %s, once, and nothing else', async (event, _, seen) => {
    lookAt(seen);
    expect(await counted()).toEqual({ ...none, [event]: 1 });
  });

  it('a new revision and another declaration are not counted', async () => {
    lookAt({ declaration: newer, releases: [release('latest/stable', 2)] });
    expect(await counted()).toEqual(none);
  });
});
