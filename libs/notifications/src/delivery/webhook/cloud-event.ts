import { canonicalJson } from '#kernel';
import type { Message } from '../message.js';

/**
 * A CloudEvents 1.0 event in structured JSON mode. `data` is the event's own bytes, unchanged: whoever hashes them has the leaf of the ledger at
 * `position`, which is an extension attribute, a string since it may pass 2^31.
 * @param origin of the site
 */
export function cloudEvent({ position, envelope, bytes }: Message, origin: string): string {
  const { id, type, at, stream } = envelope;
  const attributes = canonicalJson({
    specversion: '1.0',
    id,
    source: `/holdfast/${encodeURI(origin)}`,
    type: `holdfast.${type}`,
    subject: stream,
    time: at,
    datacontenttype: 'application/json',
    position: String(position),
  });
  return `${attributes.slice(0, -1)},"data":${new TextDecoder().decode(bytes)}}`;
}
