import {
  isAnswerable,
  type AnswerableRelease,
  type HeldRelease,
  type HeldReleases,
} from './held-releases.js';
import type { DeviceAction, ResultError } from './device-action.js';
import { canRead, parseEpoch } from './epoch.js';
import type { RefusalReason, RingAccess } from '../policy/ring-access.js';
import { resolveChannel, shortened } from './resolve-channel.js';

/** What a ring's devices may have, ready for looking up. */
export interface RingView {
  readonly access: RingAccess;
  readonly held: HeldReleases;
}

export interface HeldAnswer {
  readonly kind: 'held';
  readonly release: AnswerableRelease;
  /** Full form. */
  readonly effectiveChannel: string;
  /** Full form; set when the request named no track and the snap has a default one. */
  readonly redirectChannel: string | undefined;
}

export interface Refusal {
  readonly kind: 'refuse';
  readonly error: ResultError;
  /** When the ring's access policy refuses it. */
  readonly reason?: RefusalReason;
}

export type Decision =
  | HeldAnswer
  | Refusal
  /** The policy doesn't say: upstream's answer counts. */
  | { readonly kind: 'relay' }
  /** No result, which a device takes as "no update". */
  | { readonly kind: 'withhold'; readonly why: string; readonly reason?: RefusalReason };

/**
 * Decides one action by the policy alone, before upstream is asked. The second look, with upstream's answer, is `decideRelayed`.
 * @throws SnapError `malformed-channel`
 */
export function decideAction(ring: RingView, action: DeviceAction, architecture: string): Decision {
  const snapId = action.snapId ?? (action.name === undefined ? undefined : ring.held.snapNamed(action.name));
  const held = snapId === undefined ? [] : ring.held.of(snapId);
  if (snapId === undefined || held.length === 0) return undecided(ring, action, snapId, []);
  if (action.revision !== undefined)
    return decideRevision(ring, snapId, action, action.revision, architecture);
  const channel = resolveChannel(action.channel, ring.held.defaultTrack(snapId));
  const release = ring.held.find(snapId, channel.full, architecture);
  if (!release) return undecided(ring, action, snapId, held);
  return answer(release, action, channel.full, channel.redirected ? channel.full : undefined);
}

/** An explicit revision obeys the ring too: of a snap that is held, only the held revision exists (protocol page 4.4). */
export function decideRevision(
  ring: RingView,
  snapId: string,
  action: DeviceAction,
  revision: number,
  architecture: string,
): Decision {
  const candidates = ring.held
    .of(snapId)
    .filter(({ entry }) => entry.architecture === architecture && entry.version === String(revision));
  const asked = resolveChannel(action.channel, ring.held.defaultTrack(snapId));
  const release = candidates.find(({ entry }) => entry.channel === asked.full) ?? candidates[0];
  if (release) return answer(release, action, release.entry.channel, undefined);
  return refuse(
    'revision-not-found',
    `revision ${revision} is not available: this site holds the snap, and has not approved this revision for ${architecture}`,
  );
}

export function answer(
  release: HeldRelease,
  action: DeviceAction,
  effectiveChannel: string,
  redirectChannel: string | undefined,
): Decision {
  const { name, version } = release.entry;
  if (!isAnswerable(release)) {
    return refuse(
      'held-revision-unavailable',
      `"${name}" is held at revision ${version}, but what is known of that revision cannot be read or is not what was approved; tell the site's operators`,
    );
  }
  if (!readable(release, action)) return withheld(release, action);
  return { kind: 'held', release, effectiveChannel, redirectChannel };
}

/** A wrong epoch in a manifest reads nothing: better no update than one that cannot read the device's data. */
function readable({ manifest }: AnswerableRelease, action: DeviceAction): boolean {
  if (action.epoch === undefined) return true;
  const epoch = parseEpoch(manifest.snap['epoch']);
  return epoch !== undefined && canRead(epoch, action.epoch);
}

function withheld({ entry }: AnswerableRelease, action: DeviceAction): Decision {
  const why = `revision ${entry.version} of ${entry.name} cannot read the data that the installed revision wrote (epoch)`;
  // An answer without any result is an error of its own for an install (protocol page 4.2).
  return action.action === 'refresh' ? { kind: 'withhold', why } : refuse('revision-not-found', why);
}

function undecided(
  ring: RingView,
  action: DeviceAction,
  snapId: string | undefined,
  held: readonly HeldRelease[],
): Decision {
  const { access } = ring;
  const relays = snapId === undefined ? access.mayAsk(action.name ?? '') : access.passes(snapId);
  return relays ? { kind: 'relay' } : notServed(ring, action, snapId, held);
}

/**
 * The ring's access policy has nothing for this action: a refresh then gets no update, an install the error of what does not exist.
 * @param held what the ring has of the snap elsewhere
 */
export function notServed(
  { access }: RingView,
  action: DeviceAction,
  snapId: string | undefined,
  held: readonly HeldRelease[] = [],
): Exclude<Decision, { kind: 'relay' | 'held' }> {
  const what = action.name ?? action.snapId ?? action.instanceKey;
  const reason = access.reason(snapId, action.name);
  const why =
    reason === 'not-approved'
      ? `nothing is approved for "${what}" on this channel and architecture`
      : `"${what}" is ${reason} here`;
  if (action.action === 'refresh') return { kind: 'withhold', why, reason };
  if (reason !== 'not-approved') {
    return { kind: 'refuse', error: { code: 'name-not-found', message: why }, reason };
  }
  const releases = held.map(({ entry }) => ({
    architecture: entry.architecture,
    channel: shortened(entry.channel),
  }));
  return { kind: 'refuse', error: { code: 'revision-not-found', message: why, releases }, reason };
}

export function refuse(code: ResultError['code'], message: string): Refusal {
  return { kind: 'refuse', error: { code, message } };
}
