import type { HoldEnd } from '../api/hold-types.js';
import type { Choice } from '../api/types.js';

/** Of the same version approved again, what tells the two apart is the declaration. */
export function versionText(choice: Choice | null, other: Choice | null): string {
  if (choice === null) return 'upstream';
  const { version, declaration, expiry } = choice;
  const which =
    version === other?.version && declaration !== undefined
      ? `${version} (declaration ${declaration})`
      : version;
  return expiry ? `${which} ${endText(expiry)}` : which;
}

/** Until when something is held, and what comes of it then. */
export function endText({ at, action }: HoldEnd): string {
  return `until ${at}, then ${action}`;
}
