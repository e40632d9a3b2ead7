import type { CommandContext } from '#kernel';
import type { KeyedDigest } from '../../keyed-digest.js';
import type { GivenTarget, Target } from './target.js';
import type { Filter } from './topics.js';

interface OfSink {
  readonly name: string;
  readonly context: CommandContext;
}

export interface AddSink extends OfSink {
  readonly type: 'AddSink';
  readonly target: Target;
  readonly filter: Filter;
  readonly secret: KeyedDigest | null;
  readonly giveUpAfterHours: number;
  /** A position; null: from now on. */
  readonly from: string | null;
}

/** What is undefined, or not said of the target, stays; a secret that is null is taken away. */
export interface ChangeSink extends OfSink {
  readonly type: 'ChangeSink';
  readonly target: Partial<Omit<GivenTarget, 'kind'>>;
  readonly filter: Filter | undefined;
  readonly secret: KeyedDigest | null | undefined;
  readonly giveUpAfterHours: number | undefined;
}

export interface SteerSink extends OfSink {
  readonly type: 'RemoveSink' | 'PauseSink' | 'ResumeSink';
}

export interface ReplaySink extends OfSink {
  readonly type: 'ReplaySink';
  readonly from: string;
}

/** By the worker. `since`: RFC 3339, UTC. */
export interface NoteFailing extends OfSink {
  readonly type: 'NoteFailing';
  readonly since: string;
  readonly why: string;
}

export interface NoteRecovered extends OfSink {
  readonly type: 'NoteRecovered';
}

export type SinksCommand = AddSink | ChangeSink | SteerSink | ReplaySink | NoteFailing | NoteRecovered;
