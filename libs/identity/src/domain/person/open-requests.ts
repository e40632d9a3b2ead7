import type { Requester } from '../authority.js';
import type { HeldRole } from '../roles.js';
import type { RecoveryHost } from './admin-recovery-events.js';

interface Pending {
  readonly requestedBy: Requester;
  readonly expiresAt: string;
}
interface PendingRecovery extends Pending {
  readonly request: string;
  readonly host: RecoveryHost;
  /** When it was asked for. */
  readonly at: string;
  readonly notBefore: string;
}
/** What waits for a second person. */
export interface Open {
  readonly reset: (Pending & { readonly request: string }) | null;
  readonly recovery: PendingRecovery | null;
  readonly requestedRoles: ReadonlyMap<HeldRole, Pending>;
  readonly requestedReference: (Pending & { readonly reference: string }) | null;
}

export const NOTHING_OPEN: Open = {
  reset: null,
  recovery: null,
  requestedRoles: new Map(),
  requestedReference: null,
};
