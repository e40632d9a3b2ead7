import type { DomainEvent } from '#kernel';
import type { Requester } from '../authority.js';

/** An admin says by what the site knows the human, as a keyed digest, hex; a second person says the same, or it runs out. */
export type IdentityReferenceRequested = DomainEvent<
  'IdentityReferenceRequested',
  { readonly reference: string; readonly requestedBy: Requester; readonly expiresAt: string }
>;
/** Both said it. `old`: what it corrects; null: nothing was recorded. While the site is set up, the admin who said it stands for both. */
export type IdentityReferenceRecorded = DomainEvent<
  'IdentityReferenceRecorded',
  { readonly reference: string; readonly old: string | null; readonly requestedBy: Requester }
>;
