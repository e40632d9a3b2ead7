import { isWhole, withPart } from '#kernel';
import { authoredOf } from './authored.js';
import { LIFE_CYCLE } from './life-cycle.js';
import type { ChangeRevised } from './life-events.js';
import type { EarlierRevision } from './revision.js';
import { signaturesOf, type ChangeRequest } from './state.js';
import { draftOf } from './what-is-kept.js';

export const REVISED_IN = LIFE_CYCLE.ReviseChange.from;

/** Under the same number, and with what it was before; as often submitted as before, so that no capture of then counts. */
export function revised(
  state: Extract<ChangeRequest, { status: (typeof REVISED_IN)[number] }>,
  data: ChangeRevised['data'],
): ChangeRequest {
  const parts = withPart(state.revising, data, data.items);
  if (!isWhole(parts)) return { ...state, revising: parts };
  const { revision, reason, window = {}, ticket } = data;
  const before: EarlierRevision = {
    revision: state.revision,
    status: state.status,
    reason: state.reason,
    items: state.items,
    window: state.window,
    ...(state.ticket === undefined ? {} : { ticket: state.ticket }),
    ...(state.template === undefined ? {} : { template: state.template }),
    ...(state.use === undefined ? {} : { use: state.use }),
    changes: 'changes' in state ? state.changes : [],
    recordDigest: 'recordDigest' in state ? state.recordDigest : null,
    signatures: [...authoredOf(state), ...signaturesOf(state)],
  };
  const earlier = [...state.earlier, before];
  const { ticket: _, template: __, use: ___, authored: ____, ...draft } = draftOf(state);
  const asked = { revision, reason, items: parts.elements, window, earlier };
  return { ...draft, ...asked, status: 'drafted', ...(ticket === undefined ? {} : { ticket }) };
}
