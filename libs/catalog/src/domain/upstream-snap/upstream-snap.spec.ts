import { describe, expect, it } from 'vitest';
import { encodeEvent, fold, MAX_EVENT_BYTES } from '#kernel';
import { byWorker, specify } from '#test/support/decider-specification';
import { DECLARATION, observation, release } from '../../testing/observations.js';
import { SNAP_ID } from '../../testing/test-store.js';
import type { UpstreamSnapEvent } from './events.js';
import { MOST_RELEASES, type Observation, type RevisionLook } from './observation.js';
import { upstreamSnap } from './upstream-snap.js';

const context = byWorker('watch-list/snap');
const { given } = specify(upstreamSnap);
const observe = (changes: Partial<Observation> = {}) =>
  ({ type: 'ObserveSnap', observation: observation(changes), context }) as const;
const failure = (code: string) =>
  ({ type: 'ReportObservationFailure', code, message: 'why', context }) as const;
const look = (revision: number, rest: Partial<RevisionLook> = {}): RevisionLook => ({
  revision,
  architecture: 'arm64',
  version: `${revision}.0`,
  offered: true,
  held: true,
  ...rest,
});

const firstSeen: UpstreamSnapEvent = {
  type: 'SnapFirstSeen',
  data: {
    snapId: SNAP_ID,
    name: 'lab-hello',
    publisher: 'labdev',
    declaration: DECLARATION,
    signingKeys: ['key-a', 'key-b'],
  },
};
const listed = (...releases: ReturnType<typeof release>[]): UpstreamSnapEvent => ({
  type: 'ChannelsListed',
  data: { releases },
});
const seen = [firstSeen, listed(release('latest/stable', 1))];
const { channel, architecture, ...one } = release('latest/stable', 1);
const place = { channel, architecture };
const two = { revision: 2, version: '2.0', releasedAt: one.releasedAt };

describe('a snap upstream', () => {
  it('is first seen whole', () =>
    given()
      .when(observe())
      .then(...seen));
  it('says nothing when nothing changed', () =>
    given(...seen)
      .when(observe())
      .thenNothing());
  it('is first seen without a channel that is open', () =>
    given()
      .when(observe({ releases: [] }))
      .then(firstSeen));

  it('gets a revision into a channel', () =>
    given(...seen)
      .when(observe({ releases: [release('latest/stable', 2)] }))
      .then({ type: 'ChannelReleased', data: { ...place, old: one, new: two } }));
  it('opens a channel', () =>
    given(firstSeen)
      .when(observe())
      .then({ type: 'ChannelReleased', data: { ...place, old: null, new: one } }));
  it('closes a channel, once', () => {
    const closed: UpstreamSnapEvent = { type: 'ChannelClosed', data: { ...place, old: one } };
    given(...seen)
      .when(observe({ releases: [] }))
      .then(closed);
    given(...seen, closed)
      .when(observe({ releases: [] }))
      .thenNothing();
  });
  it('is not said to have closed what was not asked for', () =>
    given(...seen)
      .when(observe({ architectures: ['arm64'], releases: [] }))
      .thenNothing());
  it('releases the same revision again without a difference', () =>
    given(...seen)
      .when(observe({ releases: [{ ...release('latest/stable', 1), releasedAt: '2026-11-25T08:00:00Z' }] }))
      .thenNothing());
});

describe('a revision upstream', () => {
  const there: UpstreamSnapEvent = {
    type: 'RevisionSeen',
    data: { revision: 7, architecture: 'arm64', version: '7.0' },
  };
  const vanished: UpstreamSnapEvent = {
    type: 'RevisionVanished',
    data: { revision: 7, architecture: 'arm64', version: '7.0', held: true },
  };
  it('that is held is seen once', () => {
    given()
      .when(observe({ revisions: [look(7)] }))
      .then(...seen, there);
    given(...seen, there)
      .when(observe({ revisions: [look(7)] }))
      .thenNothing();
  });
  it('that is not held is worth no event', () =>
    given(...seen)
      .when(observe({ revisions: [look(7, { held: false })] }))
      .thenNothing());
  it('vanishes once, with the version that it had', () => {
    const gone = observe({ revisions: [look(7, { offered: false, version: null })] });
    given(...seen, there)
      .when(gone)
      .then(vanished);
    given(...seen, there, vanished)
      .when(gone)
      .thenNothing();
  });
  it('had vanished before the snap was first seen', () =>
    given()
      .when(observe({ revisions: [look(7, { offered: false, version: null })] }))
      .then(...seen, {
        type: 'RevisionVanished',
        data: { revision: 7, architecture: 'arm64', version: null, held: true },
      }));
  it('returns', () =>
    given(...seen, vanished)
      .when(observe({ revisions: [look(7)] }))
      .then({ type: 'RevisionReturned', data: { revision: 7, architecture: 'arm64', version: '7.0' } }));
});

describe('a publisher', () => {
  const newer = { revision: 3, sha256: 'd3'.repeat(32), revoked: false };
  const revoked = { revision: 3, sha256: 'd4'.repeat(32), revoked: true };
  it('gets another declaration', () =>
    given(...seen)
      .when(observe({ declaration: newer }))
      .then({ type: 'DeclarationChanged', data: { old: DECLARATION, new: newer } }));
  it('gets another text under the same revision', () => {
    const declaration = { ...DECLARATION, sha256: 'ee'.repeat(32) };
    given(...seen)
      .when(observe({ declaration }))
      .then({ type: 'DeclarationChanged', data: { old: DECLARATION, new: declaration } });
  });
  it('has lost the name: nothing is said of channels that nobody could see', () =>
    given(...seen)
      .when(observe({ declaration: revoked, releases: null }))
      .then({ type: 'DeclarationRevoked', data: { old: DECLARATION, new: revoked } }));
  it('had lost it before', () =>
    given()
      .when(observe({ declaration: revoked, releases: null }))
      .then(
        { type: 'SnapFirstSeen', data: { ...firstSeen.data, declaration: revoked } },
        { type: 'DeclarationRevoked', data: { old: null, new: revoked } },
      ));
  it('is another one, signed for with another key, under another name', () =>
    given(...seen)
      .when(observe({ declaration: newer, publisher: 'other', signingKeys: ['key-c'], name: 'lab-bye' }))
      .then(
        ...([
          { type: 'DeclarationChanged', data: { old: DECLARATION, new: newer } },
          { type: 'PublisherChanged', data: { old: 'labdev', new: 'other' } },
          { type: 'SigningKeysChanged', data: { old: ['key-a', 'key-b'], new: ['key-c'] } },
          { type: 'SnapRenamed', data: { old: 'lab-hello', new: 'lab-bye' } },
        ] satisfies UpstreamSnapEvent[]),
      ));
  it('is not changed by an older declaration', () =>
    given(...seen)
      .when(
        observe({
          declaration: { revision: 1, sha256: '11'.repeat(32), revoked: false },
          publisher: 'other',
        }),
      )
      .thenNothing());
});

describe('a look that fails', () => {
  const failed: UpstreamSnapEvent = {
    type: 'ObservationFailed',
    data: { code: 'malformed-metadata', message: 'why' },
  };
  const recovered: UpstreamSnapEvent = { type: 'ObservationRecovered', data: { from: 'malformed-metadata' } };
  it('is said once for its code', () => {
    given().when(failure('malformed-metadata')).then(failed);
    given(...seen, failed)
      .when(failure('malformed-metadata'))
      .thenNothing();
    given(failed)
      .when(failure('bad-signature'))
      .then({ type: 'ObservationFailed', data: { code: 'bad-signature', message: 'why' } });
  });
  it('is over with the next one that succeeds', () => {
    given(...seen, failed)
      .when(observe())
      .then(recovered);
    given(failed)
      .when(observe())
      .then(recovered, ...seen);
    given(...seen, failed, recovered)
      .when(observe())
      .thenNothing();
  });
});

describe('the largest channel map', () => {
  const long = (i: number) => ({
    ...release(`track-${i}`.padEnd(28, 'x') + '/edge/' + 'b'.repeat(100), 2 ** 31 - 1 - i),
    version: 'v'.repeat(64),
    releasedAt: '2026-11-20T08:00:00.000000+00:00',
  });
  const releases = Array.from({ length: MOST_RELEASES }, (_, i) => long(i));
  const sizes = (events: readonly UpstreamSnapEvent[]) =>
    events.map(
      ({ type, data }) =>
        encodeEvent({
          id: 'x'.repeat(36),
          type,
          v: 1,
          stream: `upstream-snap/${SNAP_ID}`,
          streamRevision: '1000000',
          part: [1, 400],
          at: context.at,
          zone: 'America/Argentina/ComodRivadavia',
          offset: '+01:00',
          actor: context.actor,
          authorisedBy: ['x'.repeat(36)],
          reason: { code: 'sync', text: 'r'.repeat(120) },
          cause: 'x'.repeat(36),
          correlation: 'x'.repeat(36),
          data: data as never,
        }).length,
    );

  it('fits at first sight, and when all of it changes', () => {
    const first = upstreamSnap.decide(observe({ releases }), upstreamSnap.initialState);
    const moved = releases.map((each) => ({ ...each, revision: each.revision - 5000 }));
    const next = upstreamSnap.decide(observe({ releases: moved }), fold(upstreamSnap, first));
    expect(next).toHaveLength(400);
    for (const events of [first, next]) {
      expect(Math.max(...sizes(events))).toBeLessThanOrEqual(MAX_EVENT_BYTES);
      expect(sizes(events).reduce((sum, size) => sum + size, 0)).toBeLessThan(1024 * 1024);
    }
  });
});
