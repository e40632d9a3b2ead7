import { SnapError } from './errors.js';

/** From the most to the least stable. A closed risk falls back to the one before it. */
export const RISKS = ['stable', 'candidate', 'beta', 'edge'] as const;

export type Risk = (typeof RISKS)[number];

export interface Channel {
  readonly track: string;
  readonly risk: Risk;
  /** A short-lived fork of a risk. */
  readonly branch?: string;
}

const DEFAULT_TRACK = 'latest';

/** Tracks and branches become parts of keys and paths: no slash, no space. */
const TRACK_OR_BRANCH = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/;

/**
 * All forms of protocol page §4.1: `stable`, `2.0`, `2.0/stable`, `stable/fix-1`, `2.0/stable/fix-1`. The risk, when none is named, is
 * stable.
 *
 * @param defaultTrack the snap's own, for a text that names no track (see {@link namesTrack})
 * @throws SnapError `malformed-channel`
 */
export function parseChannel(text: string, defaultTrack = DEFAULT_TRACK): Channel {
  if (defaultTrack !== DEFAULT_TRACK) return parseAnew(text, defaultTrack);
  const known = parsed.get(text);
  if (known) return known;
  const channel = parseAnew(text, defaultTrack);
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(text, channel);
  return channel;
}

/** A fleet names the same few channels in every request, some for each of its snaps. Bounded, since anybody may name others. */
const parsed = new Map<string, Channel>();
const MOST_PARSED = 1_000;

function parseAnew(text: string, defaultTrack: string): Channel {
  const parts = text.split('/');
  const track = namesTrack(text) ? (parts.shift() ?? '') : defaultTrack;
  const [risk = 'stable', branch, ...rest] = parts;
  const named = branch === undefined ? [track] : [track, branch];
  if (
    !isRisk(risk) ||
    rest.length > 0 ||
    !named.every((part) => TRACK_OR_BRANCH.test(part) && !isRisk(part))
  ) {
    throw new SnapError('malformed-channel', `${JSON.stringify(text.slice(0, 100))} is no channel`);
  }
  return branch === undefined ? { track, risk } : { track, risk, branch };
}

/** Whether a channel says its track; if not, the snap's default track applies, and the store answers with `redirect-channel`. */
export function namesTrack(text: string): boolean {
  return !isRisk(text.split('/', 1)[0] ?? '');
}

/** Every part written out: `latest/stable`, `2.0/edge/fix-1`. The form of release targets. */
export function fullChannel({ track, risk, branch }: Channel): string {
  return [track, risk, branch].filter((part) => part !== undefined).join('/');
}

/** As in `effective-channel` (protocol page §4.2): the default track goes without saying. `stable`, `2.0/edge`. */
export function shortChannel({ track, risk, branch }: Channel): string {
  return [track === DEFAULT_TRACK ? undefined : track, risk, branch]
    .filter((part) => part !== undefined)
    .join('/');
}

function isRisk(text: string): text is Risk {
  return (RISKS as readonly string[]).includes(text);
}
