import type { ChangeStatus } from './types.js';

/** In the order of a request's life. */
export const CHANGE_STATUSES = [
  'drafted',
  'submitted',
  'capture-refused',
  'captured',
  'in-review',
  'approved',
  'released',
  'scheduled',
  'rejected',
  'withdrawn',
  'expired',
  'recalled',
  'stale',
  'superseded',
  'rolling-out',
  'stopped',
  'effective',
  'verified',
  'verification-failed',
  'closed',
] as const satisfies readonly ChangeStatus[];
