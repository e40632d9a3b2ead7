import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byWorker } from '#test/support/decider-specification';
import { observation, release } from '../../testing/observations.js';
import { releaseKey, type Observation, type Release } from './observation.js';
import type { UpstreamSnap } from './state.js';
import { upstreamSnap } from './upstream-snap.js';

const context = byWorker('watch-list/snap');

const releases = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom('latest/stable', 'latest/edge', '2.0/beta', '2.0/stable/fix'),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom('amd64', 'arm64'),
    )
    .map(([channel, revision, architecture]) => release(channel, revision, architecture)),
  { selector: releaseKey },
);
const looks = fc.record({
  releases,
  publisher: fc.constantFrom('a', 'b'),
  signingKeys: fc.constantFrom(['k'], ['l'], ['k', 'l']),
  revisions: fc.uniqueArray(
    fc.record({
      revision: fc.integer({ min: 1, max: 4 }),
      architecture: fc.constant('amd64'),
      version: fc.constant('1.0'),
      offered: fc.boolean(),
      held: fc.boolean(),
    }),
    { selector: ({ revision }) => revision },
  ),
});

/** As the worker records it: until there is nothing left to say. */
function record(state: UpstreamSnap, seen: Observation): UpstreamSnap {
  const events = upstreamSnap.decide({ type: 'ObserveSnap', observation: seen, context }, state);
  const next = events.reduce(upstreamSnap.evolve, state);
  return events.length === 0 ? state : record(next, seen);
}

const sorted = (list: Iterable<Release>) =>
  [...list].map((each) => `${releaseKey(each)} ${each.revision}`).sort();

describe('whatever upstream does', () => {
  it('the record ends as what was seen last, and looking again adds nothing', () => {
    fc.assert(
      fc.property(fc.array(looks, { minLength: 1, maxLength: 6 }), (all) => {
        let state = upstreamSnap.initialState;
        for (const each of all) state = record(state, observation(each));
        const last = all.at(-1);
        expect(sorted(state.seen?.channels.values() ?? [])).toEqual(sorted(last?.releases ?? []));
        expect(state.seen).toMatchObject({ publisher: last?.publisher, signingKeys: last?.signingKeys });
        const again = observation({ ...last });
        expect(upstreamSnap.decide({ type: 'ObserveSnap', observation: again, context }, state)).toEqual([]);
      }),
    );
  });
});
