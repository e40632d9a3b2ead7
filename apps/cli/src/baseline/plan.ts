import type { InstalledRevisionRow, OverrideItem } from '../api/types.js';
import { channelOf } from './channel.js';
import type { PolicyOverride } from '../policy/policy.js';

/** Which revision to hold where devices differ. `most`: that which most devices have, of equals the newest. */
export type Preference = 'most' | 'newest';

export interface BaselineWishes {
  readonly prefer?: Preference | undefined;
  /** By the snap's name, the revisions of it that were chosen: each for the places where devices have it. */
  readonly chosen: ReadonlyMap<string, ReadonlySet<number>>;
  /** Names or ids of snaps that are not to be held. */
  readonly leaveOut: ReadonlySet<string>;
  /** Whether reports that no store vouches for count as devices. */
  readonly unidentified: boolean;
}

/** A snap's channel, for one architecture: what an override is for. */
interface Place {
  readonly snap: string;
  readonly channel: string;
  readonly architecture: string;
}

/** A revision that devices have in a place. */
export interface Candidate {
  readonly revision: number;
  readonly devices: number;
}

export interface Hold extends Place {
  readonly revision: number;
  /** How many have it, and how many have another one there. */
  readonly devices: number;
  readonly deviate: number;
  /** What is held there now; null where upstream decides. */
  readonly held: number | null;
}

/** Where devices differ, and nobody said which it is to be. */
export interface Undecided extends Place {
  readonly candidates: readonly Candidate[];
}

/** What is not held, and why. `snap` is the id where there is no name. */
export interface LeftOut extends Place {
  readonly revision: number;
  readonly devices: number;
  readonly unidentified: number;
  readonly why: string;
}

/** What holding what devices have comes to. Every line that devices reported is in one of these, or is a revision that a hold deviates from. */
export interface BaselinePlan {
  /** What the ring does not yet hold so. */
  readonly holds: readonly Hold[];
  /** What it holds so already. */
  readonly already: readonly Hold[];
  readonly undecided: readonly Undecided[];
  readonly leftOut: readonly LeftOut[];
  /** Choices that no device has: `core22=7`. */
  readonly unmet: readonly string[];
}

interface Reported extends Place, Candidate {}

/** In the order of the lines. @param held of the ring's policy */
export function planBaseline(
  lines: readonly InstalledRevisionRow[],
  held: readonly PolicyOverride[],
  wishes: BaselineWishes,
): BaselinePlan {
  const leftOut: LeftOut[] = [];
  const shared = sharedNames(lines);
  const places = new Map<string, Reported[]>();
  for (const line of lines) {
    const place = placeOf(line);
    const why = whyNot(line, wishes, shared);
    if (why !== undefined) {
      const { revision, devices, unidentified } = line;
      leftOut.push({ ...place, revision, devices, unidentified, why });
      continue;
    }
    const devices = line.devices + (wishes.unidentified ? line.unidentified : 0);
    const key = keyOf(place);
    places.set(key, added(places.get(key) ?? [], { ...place, revision: line.revision, devices }));
  }
  const holding = new Map(held.map((each) => [keyOf(each), each.revision]));
  const holds: Hold[] = [];
  const undecided: Undecided[] = [];
  for (const [key, reported] of places) {
    const [first] = reported;
    if (!first) continue;
    const { snap, channel, architecture } = first;
    const choice = choose(reported, wishes, wishes.chosen.get(snap));
    if (choice === undefined) {
      const candidates = reported.map(({ revision, devices }) => ({ revision, devices }));
      undecided.push({ snap, channel, architecture, candidates });
      continue;
    }
    const { revision, devices } = choice;
    const deviate = reported.reduce((sum, each) => sum + each.devices, -devices);
    holds.push({ snap, channel, architecture, revision, devices, deviate, held: holding.get(key) ?? null });
  }
  const isHeld = ({ revision, held: now }: Hold) => revision === now;
  return {
    holds: holds.filter((hold) => !isHeld(hold)),
    already: holds.filter(isHeld),
    undecided,
    leftOut,
    unmet: unmetIn([...places.values()].flat(), wishes),
  };
}

/** What the change request asks for. Each for its architecture: one that the site does not have is then refused, and not passed over. */
export function itemsOf(holds: readonly Hold[]): readonly OverrideItem[] {
  return holds.map(({ snap, channel, architecture, revision }) => ({
    snap,
    channel,
    architecture,
    revision,
  }));
}

function placeOf({ snapId, name, channel, architecture }: InstalledRevisionRow): Place {
  return { snap: name ?? snapId, channel: channelOf(channel) ?? channel, architecture };
}

function keyOf({ snap, channel, architecture }: Place): string {
  return `${snap} ${channel} ${architecture}`;
}

/** Why a line cannot be held; undefined when it can. */
function whyNot(
  line: InstalledRevisionRow,
  { leaveOut, unidentified }: BaselineWishes,
  shared: ReadonlySet<string>,
): string | undefined {
  const { snapId, name, revoked, failure, channel, revision, devices } = line;
  if (leaveOut.has(snapId) || (name !== null && leaveOut.has(name))) return 'as asked';
  if (revoked) return 'revoked upstream';
  if (name === null)
    return failure === null ? 'upstream was not asked yet what it is' : `not known upstream (${failure})`;
  if (shared.has(name)) return 'two snaps go by this name: it was transferred';
  if (revision < 1) return 'no revision of the store';
  if (channelOf(channel) === undefined) return 'the channel that devices name is none';
  if (devices === 0 && !unidentified) return 'only reports that no store vouches for name it';
  return undefined;
}

/** Names that more than one id goes by: an override names the snap, and would mean the one that has the name now. */
function sharedNames(lines: readonly InstalledRevisionRow[]): ReadonlySet<string> {
  const ids = new Map<string, string>();
  const shared = new Set<string>();
  for (const { name, snapId } of lines) {
    if (name === null) continue;
    if ((ids.get(name) ?? snapId) !== snapId) shared.add(name);
    ids.set(name, snapId);
  }
  return shared;
}

/** Two of the devices' words may mean one channel, as `22` and `22/stable` do. */
function added(known: readonly Reported[], more: Reported): Reported[] {
  const same = known.find(({ revision }) => revision === more.revision);
  if (!same) return [...known, more];
  const both = { ...same, devices: same.devices + more.devices };
  return known.map((each) => (each === same ? both : each));
}

function choose(
  reported: readonly Reported[],
  { prefer }: BaselineWishes,
  chosen: ReadonlySet<number> | undefined,
): Reported | undefined {
  const named = reported.filter(({ revision }) => chosen?.has(revision));
  if (named.length > 0) return named.length === 1 ? named[0] : undefined;
  if (reported.length === 1) return reported[0];
  if (prefer === undefined) return undefined;
  const byRevision = reported.toSorted((a, b) => b.revision - a.revision);
  return prefer === 'newest' ? byRevision[0] : byRevision.toSorted((a, b) => b.devices - a.devices)[0];
}

function unmetIn(reported: readonly Reported[], { chosen }: BaselineWishes): string[] {
  return [...chosen].flatMap(([snap, revisions]) =>
    [...revisions]
      .filter((revision) => !reported.some((each) => each.snap === snap && each.revision === revision))
      .map((revision) => `${snap}=${revision}`),
  );
}
