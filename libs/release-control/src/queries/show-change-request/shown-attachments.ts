import type { Attachment } from '../../domain/change-request/attachment.js';
import type { ChangeRequest } from '../../domain/change-request/state.js';

/** A file, and whether it is signed with the request, or will be. */
export interface ShownAttachment extends Attachment {
  readonly inRecord: boolean;
}

/** All files of a request, in the order in which they came: those that were there when it was handed in are the first. */
export function shownAttachments(
  state: Exclude<ChangeRequest, { status: 'none' }>,
): readonly ShownAttachment[] {
  const { length } = 'submittedAt' in state ? (state.attachments ?? []) : state.files;
  return state.files.map((file, i) => ({ ...file, inRecord: i < length }));
}
