import type { Wait } from '../api/types.js';

/** What an approved change waits for: `the end of the freeze, until …: …`. */
export function waitText({ for: what, until, why }: Wait): string {
  switch (what) {
    case 'freeze':
      return `the end of the freeze, until ${until}: ${why}`;
  }
}
