import { expect, it } from 'vitest';
import { releaseKey, type Release } from '../domain/upstream-snap/observation.js';
import { revisionsToAsk } from './look-at-revisions.js';

const release = (channel: string, revision: number): Release => ({
  channel,
  architecture: 'amd64',
  revision,
  version: '1',
  releasedAt: '2026-11-26T12:00:00.000Z',
});
const seen = (left: readonly Release[], gone: readonly number[]) => ({
  channels: new Map(left.map((each) => [releaseKey(each), each])),
  revisions: new Map(
    gone.map((revision) => [revision, { architecture: 'amd64', version: null, offered: false }]),
  ),
});
const held = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ revision: from + i, architecture: 'amd64' }));
const asked = (...args: Parameters<typeof revisionsToAsk>) =>
  revisionsToAsk(...args).map(({ revision }) => revision);

it('asks for what the map does not show: held, just gone from it, and vanished', () => {
  const before = seen([release('latest/stable', 3), release('latest/edge', 9)], [5]);
  expect(asked([release('latest/stable', 4)], before, held(2, 4), ['amd64'])).toEqual([2, 3, 9, 5]);
  expect(asked([release('latest/stable', 4)], null, held(4, 4), ['amd64'])).toEqual([]);
  expect(asked([], before, [], ['arm64'])).toEqual([5]);
});

it('asks for all that is held, and for no more than fifty others', () => {
  const gone = Array.from({ length: 70 }, (_, i) => 1_000 + i);
  const wanted = asked([], seen([], gone), held(1, 80), ['amd64']);
  expect(wanted.slice(0, 80)).toEqual(held(1, 80).map(({ revision }) => revision));
  expect(wanted.slice(80)).toEqual(gone.slice(0, 50));
});
