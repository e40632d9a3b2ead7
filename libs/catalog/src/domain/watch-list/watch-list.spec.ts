import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import { watchedSnaps, watchList, type WatchListEvent } from './watch-list.js';

const { given } = specify(watchList);
const context = byPerson('Olga', ['operator']);
const watch = { type: 'WatchSnap', name: 'lab-tool', context } as const;
const unwatch = { type: 'UnwatchSnap', name: 'lab-tool', context } as const;
const note = {
  type: 'NoteAskedFor',
  name: 'lab-hello',
  snapId: 'id-1',
  changeRequest: 'CR-2026-0001',
  context: byWorker('change-request/CR-2026-0001'),
} as const;
const watched: WatchListEvent = { type: 'SnapWatched', data: { name: 'lab-tool' } };
const unwatched: WatchListEvent = { type: 'SnapUnwatched', data: { name: 'lab-tool' } };
const askedFor = (name = 'lab-hello', snapId = 'id-1'): WatchListEvent => ({
  type: 'SnapAskedFor',
  data: { name, snapId, changeRequest: 'CR-2026-0001' },
});

describe('the watch list', () => {
  it('takes a snap once', () => {
    given().when(watch).then(watched);
    given(watched).when(watch).thenNothing();
    given(watched, unwatched).when(watch).then(watched);
  });
  it('lets go of what is on it', () => {
    given(watched).when(unwatch).then(unwatched);
    given().when(unwatch).thenRefused('not-on-the-list');
  });
  it('keeps what was asked for', () => {
    given().when(note).then(askedFor());
    given(askedFor()).when(note).thenNothing();
    given(askedFor('lab-tool')).when(unwatch).thenRefused('not-on-the-list');
  });
  it('knows which snap a name is from the first look on, until it is listed anew', () => {
    const identify = {
      type: 'IdentifyWatchedSnap',
      name: 'lab-tool',
      snapId: 'id-3',
      context: byWorker('watch-list/snap'),
    } as const;
    const identified: WatchListEvent = {
      type: 'WatchedSnapIdentified',
      data: { name: 'lab-tool', snapId: 'id-3' },
    };
    given(watched).when(identify).then(identified);
    given(watched, identified)
      .when({ ...identify, snapId: 'id-4' })
      .thenNothing();
    given(watched, identified, unwatched, watched)
      .when({ ...identify, snapId: 'id-4' })
      .then({
        type: 'WatchedSnapIdentified',
        data: { name: 'lab-tool', snapId: 'id-4' },
      });
    given(watched, unwatched).when(identify).thenNothing();
    given().when(identify).thenNothing();
  });
  it('follows a snap that is asked for by another name', () =>
    given(askedFor('lab-old')).when(note).then(askedFor()));
  it.each([[['author']], [['operator', 'auditor']]])('obeys a person who is %j', (roles) =>
    given()
      .when({ ...watch, context: byPerson('Ana', roles) })
      .then(watched),
  );
  it.each([[['approver']], [['admin']], [[]]])('does not obey a person who is %j', (roles) => {
    given(watched)
      .when({ ...watch, context: byPerson('Ben', roles) })
      .thenRefused('not-an-operator');
    given(watched)
      .when({ ...unwatch, context: byPerson('Ben', roles) })
      .thenRefused('not-an-operator');
  });
});

it('each watched snap is looked at once, by its id where that is known', () => {
  const state = fold(watchList, [
    watched,
    askedFor(),
    { type: 'SnapWatched', data: { name: 'lab-hello' } },
    askedFor('bare', 'id-2'),
  ]);
  expect(watchedSnaps(state)).toEqual([
    { name: 'bare', snapId: 'id-2' },
    { name: 'lab-hello', snapId: 'id-1' },
    { name: 'lab-tool', snapId: null },
  ]);
});

it('a listed snap is looked at by its id once that is known, and not twice when it is asked for by another name', () => {
  const identified: WatchListEvent = {
    type: 'WatchedSnapIdentified',
    data: { name: 'lab-tool', snapId: 'id-3' },
  };
  expect(watchedSnaps(fold(watchList, [watched, identified]))).toEqual([
    { name: 'lab-tool', snapId: 'id-3' },
  ]);
  const asked = askedFor('lab-new-tool', 'id-3');
  expect(watchedSnaps(fold(watchList, [watched, identified, asked]))).toEqual([
    { name: 'lab-new-tool', snapId: 'id-3' },
  ]);
});
