import type { CommandContext, Decider, DomainEvent } from '#kernel';
import { CatalogError } from '../../errors.js';
import { requireAuthorOrOperator } from '../who-may.js';

/** A snap that could not be looked at. */
export interface SyncFailure {
  readonly snap: string;
  readonly code: string;
  readonly message: string;
}

/** A person asks to have snaps looked at now: these, or all that are watched. */
export type SyncRequested = DomainEvent<'SyncRequested', { readonly snaps: readonly string[] | null }>;
export type SyncStarted = DomainEvent<'SyncStarted', { readonly total: number }>;
/** At most ten in a sync, however many snaps are watched. */
export type SyncProgressed = DomainEvent<'SyncProgressed', { readonly done: number }>;
export type SyncCompleted = DomainEvent<'SyncCompleted', SyncOutcome>;
export type SyncEvent = SyncRequested | SyncStarted | SyncProgressed | SyncCompleted;

export interface SyncOutcome {
  /** Snaps that were looked at, whatever came of it. */
  readonly done: number;
  /** Those of them that were not as they had been. */
  readonly changed: number;
  readonly failures: readonly SyncFailure[];
  /** Failures that did not fit in the list. */
  readonly moreFailures: number;
  /** Snaps that were not asked for any more, since upstream was away. */
  readonly notAsked: number;
}

interface Command {
  readonly context: CommandContext;
}
export interface RequestSync extends Command {
  readonly type: 'RequestSync';
  readonly snaps: readonly string[] | null;
}
export interface StartSync extends Command {
  readonly type: 'StartSync';
  readonly total: number;
}
export interface ReportSyncProgress extends Command {
  readonly type: 'ReportSyncProgress';
  readonly done: number;
}
export interface CompleteSync extends Command {
  readonly type: 'CompleteSync';
  readonly outcome: SyncOutcome;
}
export type SyncCommand = RequestSync | StartSync | ReportSyncProgress | CompleteSync;

export type Sync =
  | { readonly status: 'none' }
  | { readonly status: 'asked'; readonly snaps: readonly string[] | null }
  | {
      readonly status: 'running';
      readonly snaps: readonly string[] | null;
      readonly total: number;
      readonly done: number;
    }
  | { readonly status: 'done' };

/** So many snaps can be named in one request. */
export const MOST_NAMED = 500;

const STEPS = 10;

/**
 * A sync that was begun again, after a crash, starts from its first snap and says so with nothing: what was reported stands.
 * @throws CatalogError `not-an-operator`
 */
function decide(command: SyncCommand, state: Sync): readonly SyncEvent[] {
  switch (command.type) {
    case 'RequestSync':
      requireAuthorOrOperator(command.context);
      return state.status === 'none' ? [{ type: 'SyncRequested', data: { snaps: command.snaps } }] : [];
    case 'StartSync':
      return state.status === 'asked' ? [{ type: 'SyncStarted', data: { total: command.total } }] : [];
    case 'ReportSyncProgress':
      if (state.status !== 'running' || step(command.done, state.total) <= step(state.done, state.total))
        return [];
      return [{ type: 'SyncProgressed', data: { done: command.done } }];
    case 'CompleteSync':
      if (state.status === 'none') throw new CatalogError('no-such-sync', 'nobody has asked for this sync');
      return state.status === 'done' ? [] : [{ type: 'SyncCompleted', data: command.outcome }];
  }
}

function step(done: number, total: number): number {
  return Math.floor((STEPS * done) / Math.max(total, 1));
}

function evolve(state: Sync, event: SyncEvent): Sync {
  switch (event.type) {
    case 'SyncRequested':
      return { status: 'asked', snaps: event.data.snaps };
    case 'SyncStarted':
      if (state.status !== 'asked') return state;
      return { status: 'running', snaps: state.snaps, total: event.data.total, done: 0 };
    case 'SyncProgressed':
      return state.status === 'running' ? { ...state, done: event.data.done } : state;
    case 'SyncCompleted':
      return { status: 'done' };
  }
}

export const sync: Decider<SyncCommand, SyncEvent, Sync> & {
  readonly versions: { readonly [Type in SyncEvent['type']]: number };
} = {
  initialState: { status: 'none' },
  decide,
  evolve,
  versions: { SyncRequested: 1, SyncStarted: 1, SyncProgressed: 1, SyncCompleted: 1 },
};

export function syncStream(id: string): string {
  return `sync/${id}`;
}
