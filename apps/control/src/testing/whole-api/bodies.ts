import type { Act } from './rules.js';
import type { Ask, Rules } from './world.js';

/** What is sent over the API for what the model has in mind. */

/** What the snaps are called by that upstream does not have. */
export const ABSENT = 'no-';

/** @param snap that no other request is of */
export function itemsOf(asks: Ask, snap: string): readonly object[] {
  switch (asks.what) {
    case 'override':
      return [{ snap, channel: 'latest/stable', revision: 1 }];
    case 'absent':
      return [{ snap: `${ABSENT}${snap}`, channel: 'latest/stable', revision: 1 }];
    case 'policy':
      return [{ kind: 'approval-policy', rules: rulesOf(asks.rules) }];
  }
}

export function rulesOf({ approvals, onCall }: Rules): object {
  const roles = approvals === 2 ? { approver: 1, qa: 1 } : { approver: 1 };
  const emergency = { onCall: ['dot'], snaps: 'all', ratifyWithinHours: 12 };
  return { default: { approvals, roles, order: 'any' }, ...(onCall ? { emergency } : {}) };
}

/** Several acts are said with one word, and differ by what is sent. */
export function pathOf(act: Act): string {
  return act === 'fail' ? 'verify' : act;
}

export function bodyOf(act: Act, more: { readonly items: readonly object[]; readonly to: string }): object {
  switch (act) {
    case 'revise':
      return { items: more.items, submit: true };
    case 'hand-over':
      return { to: more.to };
    case 'verify':
    case 'fail':
      return { passed: act === 'verify', lookedAt: 'devices 1 to 3, per TP-88' };
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
