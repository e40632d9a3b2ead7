import { decodeEvent } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequestStream } from '../../domain/change-request/change-request.js';

/** When a request took effect in a ring: RFC 3339, UTC, by the server's clock. @returns null where it has not */
export async function inForceSince(
  streams: Pick<StreamWriter, 'readStream'>,
  changeRequest: string,
  ring: string,
): Promise<string | null> {
  for await (const { bytes } of streams.readStream(changeRequestStream(changeRequest), 0n)) {
    const { type, at, data } = decodeEvent(bytes);
    if (type === 'ChangeApplied') return at;
    // Of a plan, each ring has it at another time.
    if (type === 'StageApplied' && (data as { readonly ring?: string }).ring === ring) return at;
  }
  return null;
}
