import type { DomainEvent } from '#kernel';
import type { KeyedDigest } from '../../keyed-digest.js';
import type { Target } from './target.js';
import type { Filter } from './topics.js';

/** What a sink is, apart from its name and how it is. */
export interface Definition {
  readonly target: Target;
  readonly filter: Filter;
  /** Of what it proves itself with; null: nothing. The value is sealed beside the history. */
  readonly secret: KeyedDigest | null;
  /** Hours from the first try of an event after which it is given up. */
  readonly giveUpAfterHours: number;
}

/** `from`: the position of the first event that it is told of; null: of what comes after this event. */
export type SinkAdded = DomainEvent<
  'SinkAdded',
  { readonly name: string; readonly new: Definition; readonly from: string | null }
>;
export type SinkChanged = DomainEvent<
  'SinkChanged',
  { readonly name: string; readonly old: Definition; readonly new: Definition }
>;
export type SinkRemoved = DomainEvent<'SinkRemoved', { readonly name: string; readonly old: Definition }>;
/** Nothing is sent until it is resumed, and nothing is lost: it goes on where it was. */
export type SinkPaused = DomainEvent<'SinkPaused', { readonly name: string }>;
export type SinkResumed = DomainEvent<'SinkResumed', { readonly name: string }>;
/** From this position on everything is sent once more. */
export type SinkReplayAsked = DomainEvent<
  'SinkReplayAsked',
  { readonly name: string; readonly from: string }
>;
/** It has not taken an event for a while, or one was given up. Once until it takes one again. */
export type SinkFailing = DomainEvent<
  'SinkFailing',
  { readonly name: string; readonly since: string; readonly why: string }
>;
export type SinkRecovered = DomainEvent<'SinkRecovered', { readonly name: string; readonly since: string }>;

export type SinksEvent =
  | SinkAdded
  | SinkChanged
  | SinkRemoved
  | SinkPaused
  | SinkResumed
  | SinkReplayAsked
  | SinkFailing
  | SinkRecovered;
