import type { CommandContext, Decider } from '#kernel';
import { differences, revisionDifferences } from './differences.js';
import type { ChannelsListed, UpstreamSnapEvent } from './events.js';
import type { Observation } from './observation.js';
import { evolve, unseen, type UpstreamSnap } from './state.js';

/** What was seen of the snap. Given again with the same observation, until it yields nothing, it records all of the differences. */
export interface ObserveSnap {
  readonly type: 'ObserveSnap';
  readonly observation: Observation;
  readonly context: CommandContext;
}

/** What upstream answers about this snap can't be believed or read. Not for an upstream that is away: that is no fact about a snap. */
export interface ReportObservationFailure {
  readonly type: 'ReportObservationFailure';
  readonly code: string;
  /** A sentence; bounded by who reports. */
  readonly message: string;
  readonly context: CommandContext;
}

export type UpstreamSnapCommand = ObserveSnap | ReportObservationFailure;

/** Some 600 KiB, an event of these having at most 1.5 KiB with its envelope: an append holds more, but other appends wait behind it. The rest is for the next command. */
const MOST_AT_ONCE = 400;

/** An event holds at most 65,535 bytes, a release at most some 350. */
const LISTED_AT_ONCE = 150;

/** Pure differences: what is as it was yields nothing. */
export function decide(command: UpstreamSnapCommand, state: UpstreamSnap): readonly UpstreamSnapEvent[] {
  switch (command.type) {
    case 'ReportObservationFailure': {
      const { code, message } = command;
      return state.failure === code ? [] : [{ type: 'ObservationFailed', data: { code, message } }];
    }
    case 'ObserveSnap': {
      const { observation } = command;
      const recovered: UpstreamSnapEvent[] =
        state.failure === null ? [] : [{ type: 'ObservationRecovered', data: { from: state.failure } }];
      const seen = state.seen === null ? firstSight(observation) : differences(state.seen, observation);
      return [...recovered, ...seen.slice(0, MOST_AT_ONCE)];
    }
  }
}

function firstSight(observation: Observation): UpstreamSnapEvent[] {
  const { snapId, name, publisher, declaration, signingKeys, revisions } = observation;
  const nothing = { channels: new Map<string, never>(), revisions: new Map<number, never>() };
  return [
    { type: 'SnapFirstSeen', data: { snapId, name, publisher, declaration, signingKeys } },
    ...(declaration.revoked
      ? [{ type: 'DeclarationRevoked', data: { old: null, new: declaration } } as const]
      : []),
    ...listed(observation.releases ?? []),
    ...revisionDifferences(nothing, revisions),
  ];
}

function listed(releases: NonNullable<Observation['releases']>): ChannelsListed[] {
  return Array.from({ length: Math.ceil(releases.length / LISTED_AT_ONCE) }, (_, i) => ({
    type: 'ChannelsListed',
    data: { releases: releases.slice(i * LISTED_AT_ONCE, (i + 1) * LISTED_AT_ONCE) },
  }));
}

export const upstreamSnap: Decider<UpstreamSnapCommand, UpstreamSnapEvent, UpstreamSnap> & {
  readonly versions: { readonly [Type in UpstreamSnapEvent['type']]: number };
} = {
  initialState: unseen,
  decide,
  evolve,
  versions: {
    SnapFirstSeen: 1,
    ChannelsListed: 1,
    ChannelReleased: 1,
    ChannelClosed: 1,
    RevisionSeen: 1,
    RevisionVanished: 1,
    RevisionReturned: 1,
    DeclarationChanged: 1,
    DeclarationRevoked: 1,
    PublisherChanged: 1,
    SigningKeysChanged: 1,
    SnapRenamed: 1,
    ObservationFailed: 1,
    ObservationRecovered: 1,
  },
};

/** By the id: names are transferred. */
export function upstreamSnapStream(snapId: string): string {
  return `upstream-snap/${snapId}`;
}
