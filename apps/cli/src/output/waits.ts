import type { Wait } from '../api/types.js';

/** What an approved change waits for: `the end of the freeze, until …: …`, `soak in pilot until …: …`. */
export function waitText({ for: what, ring, until, why }: Wait): string {
  switch (what) {
    case 'freeze':
      return `the end of the freeze, until ${until}: ${why}`;
    case 'trail-review':
      return `a review of the trail: ${why}`;
    case 'soak':
      return `soak in ${ring}${until === null ? '' : ` until ${until}`}: ${why}`;
  }
}
