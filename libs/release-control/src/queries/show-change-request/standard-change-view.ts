import { draftRecordOf, useDigestOf, type UseRecord } from '../../domain/change-request/record.js';
import type { UseOfTemplate } from '../../domain/change-request/use-of-template.js';
import type { TemplateRef } from '../../domain/template/template.js';
import type { ChangeRequestRow } from '../change-request-row.js';

/** What whoever uses a template reads, what their signature is bound to, and what came of it. */
export interface StandardChangeView {
  readonly template: TemplateRef;
  readonly record: UseRecord;
  /** SHA-256, hex, of that record. */
  readonly useDigest: string;
  readonly use: UseOfTemplate | null;
}

/** @returns null for what is asked for under no template */
export function standardChangeOf(state: ChangeRequestRow['state']): StandardChangeView | null {
  const { template, use = null } = state;
  if (template === undefined) return null;
  const record = { ...draftRecordOf(state), template };
  return { template, record, useDigest: useDigestOf(record), use };
}
