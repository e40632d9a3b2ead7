import { recorded } from './recorded.js';
import { require } from './require-status.js';
import type { ChangeRequest, Drafted } from './state.js';
import type { TemplateEvent } from './template-events.js';
import type { UseOfTemplate } from './use-of-template.js';
import { capturedPart } from './what-is-kept.js';
import { hasBegun } from './window.js';

/** Folds an event of a standard change in. */
export function evolveTemplate(state: ChangeRequest, event: TemplateEvent): ChangeRequest {
  switch (event.type) {
    case 'TemplateUseSigned':
      return { ...require(state, 'drafted', 'capture-refused'), use: { signature: recorded(event.data) } };
    case 'ApprovedByTemplate': {
      const { changeRequest, approvedBy, at, awaitsTicket } = event.data;
      const captured = capturedPart(require(state, 'captured'));
      const { signature } = usedIn(captured);
      const use = { signature, approved: { changeRequest, approvedBy } };
      const signed = { ...captured, use, signature, signatures: [signature], notCounted: [] };
      const approved = { ...signed, ...(awaitsTicket ? { awaitsTicket } : {}) };
      return { ...approved, status: hasBegun(approved.window, at) ? 'approved' : 'scheduled' };
    }
    case 'TemplateDidNotApply': {
      const captured = capturedPart(require(state, 'captured', 'approved'));
      const { missing, reasons: notApplied } = event.data;
      const use = { ...usedIn(captured), notApplied };
      return { ...captured, use, status: 'in-review', signatures: [], missing, notCounted: [] };
    }
  }
}

/** @throws Error when nobody signed it: the history is not this stream's */
function usedIn({ id, use }: Drafted): UseOfTemplate {
  if (use === undefined) throw new Error(`${id} was signed as no standard change`);
  return use;
}
