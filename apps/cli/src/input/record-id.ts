/**
 * The id of a change request or of a review as it is written, however it was typed: `cr-2026-42` is `CR-2026-0042`, and `tr-7` is `TR-0007`. What is no such id
 * is left to the server to refuse.
 */
export function recordId(typed: string): string {
  const [, kind, number] = /^(cr-[0-9]{4}|[apt]r)-([0-9]{1,9})$/i.exec(typed) ?? [];
  return kind === undefined || number === undefined
    ? typed
    : `${kind.toUpperCase()}-${number.padStart(4, '0')}`;
}

/** Several of them, for an argument that may be given more than once. */
export function recordIds(typed: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), recordId(typed)];
}

/** The stream of a record, from its id alone; what names a stream already stays as it is. */
export function streamOfRecord(typed: string): string {
  const id = recordId(typed);
  if (/^CR-[0-9]/.test(id)) return `change-request/${id}`;
  return /^[APT]R-[0-9]/.test(id) ? `review/${id}` : typed;
}
