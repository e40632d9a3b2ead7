/** What of a file to send. `to` is the last byte's index. */
export type ByteRange =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly from: number; readonly to: number }
  | { readonly kind: 'unsatisfiable' };

/** One range, `bytes=5-` or `bytes=5-9`; anything else is ignored, as RFC 9110 §14.2 allows. */
export function parseRange(header: string | undefined, size: number): ByteRange {
  const [, first, last] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === undefined) return { kind: 'whole' };
  const from = Number(first);
  const to = last === undefined || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (from >= size) return { kind: 'unsatisfiable' };
  return to < from ? { kind: 'whole' } : { kind: 'part', from, to };
}
