import { waitsForTicket } from './in-time.js';
import { nextStage, soakedAt, type RollingOut } from './stages.js';
import type { ChangeRequest } from './state.js';
import { latestOf } from './window.js';

/**
 * What time does to a request: it begins; begins once its soak in another ring is over, or the trail of it reviewed, which are no matter of time alone; expires; or, of a plan, begins in the next ring once nothing is
 * missing any more.
 */
export type DueAction = 'start' | 'start-soaked' | 'start-reviewed' | 'expire' | 'start-stage';

export interface NextDue {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly does: DueAction;
  /** From that time on it still waits for its ticket, which is no matter of time: that it does not begin is as it should be. */
  readonly waitsForTicket?: true;
}

/** What time does to the request as it stands; null: nothing. */
export function dueOf(request: ChangeRequest): NextDue | null {
  switch (request.status) {
    case 'drafted':
    case 'submitted':
    case 'capture-refused':
    case 'captured':
    case 'in-review': {
      const latest = latestOf(request);
      return latest === undefined ? null : { at: latest, does: 'expire' };
    }
    case 'scheduled':
      return startOf(request);
    case 'approved': {
      if (request.started !== undefined) return null;
      const latest = latestOf(request);
      // Its earliest time, where it has one, has come: what it may wait for still is its ticket.
      if (waitsForTicket(request) && latest !== undefined) return { at: latest, does: 'expire' };
      return startOf(request);
    }
    case 'rolling-out':
      return request.rollout.starting === undefined ? stageOf(request) : null;
    case 'none':
    case 'released':
    case 'rejected':
    case 'withdrawn':
    case 'expired':
    case 'recalled':
    case 'stale':
    case 'superseded':
    case 'stopped':
    case 'effective':
    case 'verified':
    case 'verification-failed':
    case 'closed':
      return null;
  }
}

/** Whether it expires instead is looked at when it is to start: what waits for longer than its latest time is looked at then. */
function startOf(request: Extract<ChangeRequest, { status: 'scheduled' | 'approved' }>): NextDue | null {
  const waits = request.status === 'scheduled' ? request.waits : undefined;
  // Asked again and again: the other ring may move at any time, for the better or the worse.
  if (waits?.for === 'soak') return { at: request.signature.signedAt, does: 'start-soaked' };
  if (waits?.for === 'trail-review') return { at: request.signature.signedAt, does: 'start-reviewed' };
  const at = waits?.until ?? request.window.notBefore;
  const latest = latestOf(request);
  if (at === undefined) return null;
  const due = { at: waits && latest !== undefined && latest < at ? latest : at, does: 'start' } as const;
  return waitsForTicket(request) ? { ...due, waitsForTicket: true } : due;
}

/** From then on it is asked again and again: what else it waits for is no matter of time. Past its latest time it is stopped, whatever it waits for. */
function stageOf(plan: RollingOut): NextDue | null {
  const next = nextStage(plan);
  if (next === undefined) return null;
  const soaked = soakedAt(next);
  const latest = latestOf(plan);
  return { at: latest !== undefined && latest < soaked ? latest : soaked, does: 'start-stage' };
}
