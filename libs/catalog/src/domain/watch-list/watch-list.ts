import type { CommandContext, Decider, DomainEvent } from '#kernel';
import { CatalogError } from '../../errors.js';
import { requireAuthorOrOperator } from '../who-may.js';

/** Which snaps are looked at upstream. There is one list. */
export const WATCH_LIST_STREAM = 'watch-list/snap';

/** A person put it on the list. */
export type SnapWatched = DomainEvent<'SnapWatched', { readonly name: string }>;
/** A person took it off the list. */
export type SnapUnwatched = DomainEvent<'SnapUnwatched', { readonly name: string }>;
/** A change request asked for it, and it was captured: from then on it is watched, held or not. */
export type SnapAskedFor = DomainEvent<
  'SnapAskedFor',
  { readonly name: string; readonly snapId: string; readonly changeRequest: string }
>;
/** Which snap a name on the list is: seen at the first look. Names are transferred, and upstream forgets them with a revoked declaration. */
export type WatchedSnapIdentified = DomainEvent<
  'WatchedSnapIdentified',
  { readonly name: string; readonly snapId: string }
>;
export type WatchListEvent = SnapWatched | SnapUnwatched | WatchedSnapIdentified | SnapAskedFor;

export interface WatchSnap {
  readonly type: 'WatchSnap';
  readonly name: string;
  readonly context: CommandContext;
}
export interface UnwatchSnap {
  readonly type: 'UnwatchSnap';
  readonly name: string;
  readonly context: CommandContext;
}
/** The worker's report of the first look at a name. */
export interface IdentifyWatchedSnap {
  readonly type: 'IdentifyWatchedSnap';
  readonly name: string;
  readonly snapId: string;
  readonly context: CommandContext;
}
/** The worker's report of what a change request asked for. */
export interface NoteAskedFor {
  readonly type: 'NoteAskedFor';
  readonly name: string;
  readonly snapId: string;
  readonly changeRequest: string;
  readonly context: CommandContext;
}
export type WatchListCommand = WatchSnap | UnwatchSnap | IdentifyWatchedSnap | NoteAskedFor;

export interface WatchList {
  /** Names that people listed, each with the snap's id once it was looked at. */
  readonly listed: ReadonlyMap<string, string | null>;
  /** Names by the ids of the snaps that were asked for, each the last one that it was asked for by. */
  readonly askedFor: ReadonlyMap<string, string>;
}

/** @throws CatalogError `not-an-operator`, `not-on-the-list` */
function decide(command: WatchListCommand, state: WatchList): readonly WatchListEvent[] {
  const { name } = command;
  switch (command.type) {
    case 'WatchSnap':
      requireAuthorOrOperator(command.context);
      return state.listed.has(name) ? [] : [{ type: 'SnapWatched', data: { name } }];
    case 'UnwatchSnap':
      requireAuthorOrOperator(command.context);
      if (!state.listed.has(name)) throw notListed(name, state);
      return [{ type: 'SnapUnwatched', data: { name } }];
    case 'IdentifyWatchedSnap':
      // Taken off the list meanwhile, or known already.
      if (state.listed.get(name) !== null) return [];
      return [{ type: 'WatchedSnapIdentified', data: { name, snapId: command.snapId } }];
    case 'NoteAskedFor': {
      const { snapId, changeRequest } = command;
      if (state.askedFor.get(snapId) === name) return [];
      return [{ type: 'SnapAskedFor', data: { name, snapId, changeRequest } }];
    }
  }
}

function notListed(name: string, { askedFor }: WatchList): CatalogError {
  const because = [...askedFor.values()].includes(name)
    ? `: it is watched since a change request asked for it, and that stays`
    : '';
  return new CatalogError('not-on-the-list', `nobody has put ${name} on the watch list${because}`);
}

function evolve({ listed, askedFor }: WatchList, event: WatchListEvent): WatchList {
  const { name } = event.data;
  switch (event.type) {
    case 'SnapWatched':
      return { listed: new Map(listed).set(name, null), askedFor };
    case 'SnapUnwatched':
      return { listed: new Map([...listed].filter(([each]) => each !== name)), askedFor };
    case 'WatchedSnapIdentified':
      return { listed: new Map(listed).set(name, event.data.snapId), askedFor };
    case 'SnapAskedFor':
      return { listed, askedFor: new Map(askedFor).set(event.data.snapId, name) };
  }
}

export const watchList: Decider<WatchListCommand, WatchListEvent, WatchList> & {
  readonly versions: { readonly [Type in WatchListEvent['type']]: number };
} = {
  initialState: { listed: new Map(), askedFor: new Map() },
  decide,
  evolve,
  versions: { SnapWatched: 1, SnapUnwatched: 1, WatchedSnapIdentified: 1, SnapAskedFor: 1 },
};

/** A snap to look at. Its id is what counts; only a name that was listed and never looked at is looked up by its name. */
export interface WatchedSnap {
  readonly name: string;
  readonly snapId: string | null;
}

/** Everything that is watched, each snap once, by name. */
export function watchedSnaps({ listed, askedFor }: WatchList): WatchedSnap[] {
  const asked = [...askedFor].map(([snapId, name]) => ({ name, snapId }));
  const names = new Set(asked.map(({ name }) => name));
  const others = [...listed]
    .map(([name, snapId]) => ({ name, snapId }))
    .filter(({ name, snapId }) => (snapId === null ? !names.has(name) : !askedFor.has(snapId)));
  return [...asked, ...others].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
