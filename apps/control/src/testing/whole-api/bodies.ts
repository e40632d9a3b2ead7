import type { Act } from './rules.js';
import { RATIFY_WITHIN } from './worker.js';
import { SOAK, type Ask, type Plan, type Rules, type Window } from './world.js';

/** What is sent over the API for what the model has in mind. */

/** What the snaps are called by that upstream does not have. */
export const ABSENT = 'no-';

interface Place {
  /** RFC 3339: when the run began. */
  readonly began: string;
  /** That no other request is of. */
  readonly snap: string;
}

/** @param window in hours of the run */
export function askedOf(asks: Ask, { notBefore, notAfter }: Window, { began, snap }: Place): object {
  const at = (hours: number) => new Date(Date.parse(began) + hours * 3_600_000).toISOString();
  return {
    items: itemsOf(asks, snap),
    ...(notBefore === null ? {} : { notBefore: at(notBefore) }),
    ...(notAfter === null ? {} : { notAfter: at(notAfter) }),
  };
}

function itemsOf(asks: Ask, snap: string): readonly object[] {
  switch (asks.what) {
    case 'override':
      return [{ snap, channel: 'latest/stable', revision: 1 }];
    case 'absent':
      return [{ snap: `${ABSENT}${snap}`, channel: 'latest/stable', revision: 1 }];
    case 'resume':
      return [{ kind: 'resume-ring' }];
    case 'policy':
      return [{ kind: 'approval-policy', rules: rulesOf(asks.rules) }];
  }
}

export function rulesOf({ approvals, onCall }: Rules): object {
  const roles = approvals === 2 ? { approver: 1, qa: 1 } : { approver: 1 };
  const emergency = { onCall: ['dot'], snaps: 'all', ratifyWithinHours: RATIFY_WITHIN };
  return { default: { approvals, roles, order: 'any' }, ...(onCall ? { emergency } : {}) };
}

/** Several acts are said with one word, and differ by what is sent. */
export function pathOf(act: Act): string {
  return act === 'fail' ? 'verify' : act;
}

/** What makes a plan of a request. @param second the ring that gets it after the first */
export function stagesOf(plan: Plan | undefined, second: string): object {
  if (plan === undefined) return {};
  const verified = plan.waitsFor === 'verification';
  return { stages: [{ ring: second, soakHours: verified ? 0 : SOAK, verified }] };
}

interface Said {
  /** What a revision asks for. */
  readonly asked: object;
  /** Login of who gets what is handed over. */
  readonly to: string;
  /** The ring that was looked at; undefined where it need not be said. */
  readonly ring: string | undefined;
}

export function bodyOf(act: Act, { asked, to, ring }: Said): object {
  switch (act) {
    case 'revise':
      return { ...asked, submit: true };
    case 'hand-over':
      return { to };
    case 'verify':
    case 'fail':
      return { passed: act === 'verify', lookedAt: 'devices 1 to 3, per TP-88', ring };
    case 'comments':
      return { text: 'seen at the board of Friday' };
    case 'submit':
    case 'withdraw':
    case 'approve':
    case 'reject':
    case 'release':
    case 'ratify':
    case 'refuse-ratification':
    case 'recall':
    case 'close':
      return {};
  }
}
