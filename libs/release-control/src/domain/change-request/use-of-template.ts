import type { RecordedSignature } from '../signature.js';
import type { TemplateSigner } from '../template/template.js';
import type { ChangeRequest } from './state.js';

/** How the use of a template stands: signed; and once it is captured, approved by it, or why it does not apply. */
export interface UseOfTemplate {
  readonly signature: RecordedSignature;
  /** The request that the template was approved in, and who signed it there. */
  readonly approved?: { readonly changeRequest: string; readonly approvedBy: readonly TemplateSigner[] };
  /** Each in words: it is decided on as every other request. */
  readonly notApplied?: readonly string[];
}

/** A request that was approved by its template, and by nobody's further signature. */
export function isByTemplate(state: ChangeRequest): boolean {
  return 'signature' in state && state.signature.meaning === 'released-by-template';
}
