import { useDigestOf, useRecordOf, type UseRecord } from '../../domain/change-request/record.js';
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

/** A draft is handed in with the files that it has by then. */
export function standardChangeOf(state: ChangeRequestRow['state']): StandardChangeView | null {
  const { template, use, files } = state;
  if (template === undefined) return null;
  const attached = 'submittedAt' in state ? state.attachments : files.length === 0 ? undefined : files;
  const { attachments: _, ...asked } = { attachments: undefined, ...state };
  const record = useRecordOf({
    ...asked,
    template,
    ...(attached === undefined ? {} : { attachments: attached }),
  });
  return { template, record, useDigest: useDigestOf(record), use: use ?? null };
}
