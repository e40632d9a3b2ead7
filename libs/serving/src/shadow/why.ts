import type { RingView } from '../answer/decide-action.js';
import { REFUSAL_REASONS } from '../policy/ring-access.js';
import type { Differing } from './saying.js';

/** Why we say something else. */
export const WHYS = [
  /** The ring holds the snap: an override. */
  'held',
  /** Held, and what is known of the revision cannot be read or is not what was approved. */
  'not-captured',
  ...REFUSAL_REASONS,
  /** Our upstream cannot be asked now. */
  'upstream-unavailable',
  /** Neither held nor refused here: upstream says this to us. The incumbent has an override that was not moved, or asks another store, or keeps an older answer. */
  'not-held',
] as const;
export type Why = (typeof WHYS)[number];

/** As far as the ring tells. */
export function whyDiffers(
  { access, held }: RingView,
  { snapId, name, ours }: Pick<Differing, 'snapId' | 'name' | 'ours'>,
): Why {
  if (ours.includes('error held-revision-unavailable')) return 'not-captured';
  if (/error upstream-(?:unavailable|malformed)/.test(ours)) return 'upstream-unavailable';
  const id = snapId ?? held.snapNamed(name);
  if (id === undefined ? access.deniesNamed(name) : access.denies(id)) return access.reason(id, name);
  if (id !== undefined && held.of(id).length > 0) return 'held';
  if (id === undefined ? access.isGated : !access.passes(id)) return access.reason(id, name);
  return 'not-held';
}
