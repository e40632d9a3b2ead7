import { KernelError, type EventEnvelope } from '#kernel';

/** Bytes that are whole and stand elsewhere are another history: nothing is decided on it. @throws KernelError `malformed-event` */
export function requireItsPlace(
  { id, stream, streamRevision }: EventEnvelope,
  read: string,
  { stored, next }: { readonly stored: bigint; readonly next: bigint },
): void {
  if (stream === read && stored === next && streamRevision === String(next)) return;
  throw new KernelError(
    'malformed-event',
    `where number ${next} of ${read} is to be stands, as number ${stored}, the event ${id}, which is number ${streamRevision} of ${stream}: "holdfast events verify" and "holdfast compare-ledger" look through the whole history`,
  );
}
