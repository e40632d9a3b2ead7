import type { DomainEvent } from '#kernel';
import type { Declaration, Release } from './observation.js';

/** Release without its place. */
export type Released = Pick<Release, 'revision' | 'version' | 'releasedAt'>;

/** A revision that was asked for by its number. */
export interface KnownRevision {
  readonly revision: number;
  readonly architecture: string;
  /** Null where it was never seen. */
  readonly version: string | null;
}

export type SnapFirstSeen = DomainEvent<
  'SnapFirstSeen',
  {
    readonly snapId: string;
    readonly name: string;
    readonly publisher: string;
    readonly declaration: Declaration;
    readonly signingKeys: readonly string[];
  }
>;
/** What was on the channel map when the snap was first seen; as many of these as it takes. */
export type ChannelsListed = DomainEvent<'ChannelsListed', { readonly releases: readonly Release[] }>;
export type ChannelReleased = DomainEvent<
  'ChannelReleased',
  {
    readonly channel: string;
    readonly architecture: string;
    /** Null: the channel was closed, or never open. */
    readonly old: Released | null;
    readonly new: Released;
  }
>;
/** The channel has no revision of its own any more. Devices on it get what the next stabler one has. */
export type ChannelClosed = DomainEvent<
  'ChannelClosed',
  { readonly channel: string; readonly architecture: string; readonly old: Released }
>;
/** A held revision was asked for, and is to be had. Said once. */
export type RevisionSeen = DomainEvent<'RevisionSeen', KnownRevision>;
/** A revision that is held, or that left the channel map, was asked for, and upstream says that there is none. */
export type RevisionVanished = DomainEvent<'RevisionVanished', KnownRevision & { readonly held: boolean }>;
export type RevisionReturned = DomainEvent<'RevisionReturned', KnownRevision>;
export type DeclarationChanged = DomainEvent<
  'DeclarationChanged',
  { readonly old: Declaration; readonly new: Declaration }
>;
/** `old` is null when the snap was revoked already when it was first seen. */
export type DeclarationRevoked = DomainEvent<
  'DeclarationRevoked',
  { readonly old: Declaration | null; readonly new: Declaration }
>;
export type PublisherChanged = DomainEvent<
  'PublisherChanged',
  { readonly old: string; readonly new: string }
>;
export type SigningKeysChanged = DomainEvent<
  'SigningKeysChanged',
  { readonly old: readonly string[]; readonly new: readonly string[] }
>;
export type SnapRenamed = DomainEvent<'SnapRenamed', { readonly old: string; readonly new: string }>;
/** What upstream answers about the snap cannot be believed, or read. Said once for each reason, until a look succeeds. */
export type ObservationFailed = DomainEvent<
  'ObservationFailed',
  { readonly code: string; readonly message: string }
>;
export type ObservationRecovered = DomainEvent<'ObservationRecovered', { readonly from: string }>;

export type UpstreamSnapEvent =
  | SnapFirstSeen
  | ChannelsListed
  | ChannelReleased
  | ChannelClosed
  | RevisionSeen
  | RevisionVanished
  | RevisionReturned
  | DeclarationChanged
  | DeclarationRevoked
  | PublisherChanged
  | SigningKeysChanged
  | SnapRenamed
  | ObservationFailed
  | ObservationRecovered;

/** What a publisher or the store did that a person must look at, whatever is held: each has a count, and together they have an alarm. */
export const ALARMING = [
  'ChannelClosed',
  'RevisionVanished',
  'DeclarationRevoked',
  'PublisherChanged',
  'SigningKeysChanged',
] as const satisfies readonly UpstreamSnapEvent['type'][];
