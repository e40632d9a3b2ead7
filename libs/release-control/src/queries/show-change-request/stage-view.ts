import type { Gates } from '../../domain/change-request/plan.js';
import type { ChangeRequest } from '../../domain/change-request/state.js';
import type { Verification } from '../../domain/change-request/verification.js';

/** How one ring of a release plan stands. `stopped`: it never gets it. */
export const STAGE_STATES = ['to-come', 'waiting', 'starting', 'in-force', 'stopped'] as const;

/** A ring of a release plan, as its readers see it. */
export interface StageView {
  /** Counted from 1. */
  readonly stage: number;
  readonly ring: string;
  readonly state: (typeof STAGE_STATES)[number];
  /** What it was to wait for; null for the first ring, which waits for the approval alone. */
  readonly gates: Gates | null;
  /** What it waits for now, in words; empty for all but the next one. */
  readonly waitsFor: readonly string[];
  /** When the ring had it: RFC 3339, UTC; null while it does not. */
  readonly inForceAt: string | null;
  readonly verification: Verification | null;
}

type Existing = Exclude<ChangeRequest, { status: 'none' }>;

/** @param waiting what the next ring waits for, in words */
export function stagesOf(request: Existing, waiting: readonly string[]): readonly StageView[] {
  const { ring, stages } = request;
  if (stages === undefined) return [];
  const { inForce, starting } = ('rollout' in request ? request.rollout : undefined) ?? { inForce: [] };
  const all = [{ ring, gates: null }, ...stages.map(({ ring: later, ...gates }) => ({ ring: later, gates }))];
  return all.map(({ ring: name, gates }, i) => {
    const known = inForce[i];
    const isNext = i === inForce.length && request.status === 'rolling-out';
    const next = starting === undefined ? 'waiting' : 'starting';
    const toCome = isOver(request.status) ? 'stopped' : isNext ? next : 'to-come';
    return {
      stage: i + 1,
      ring: name,
      state: known ? 'in-force' : toCome,
      gates,
      waitsFor: isNext ? waiting : [],
      inForceAt: known?.at ?? null,
      verification: known?.verification ?? null,
    };
  });
}

function isOver(status: Existing['status']): boolean {
  switch (status) {
    case 'stopped':
    case 'verification-failed':
    case 'rejected':
    case 'withdrawn':
    case 'expired':
    case 'recalled':
    case 'stale':
    case 'superseded':
      return true;
    case 'drafted':
    case 'submitted':
    case 'capture-refused':
    case 'captured':
    case 'in-review':
    case 'approved':
    case 'scheduled':
    case 'released':
    case 'rolling-out':
    case 'effective':
    case 'verified':
    case 'closed':
      return false;
  }
}
