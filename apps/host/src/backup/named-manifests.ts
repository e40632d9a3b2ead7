/**
 * The capture manifests that an event names, whatever its type: the digests in its members `manifest`. Read from the text, which is canonical
 * JSON: inside a string no quote stands bare.
 */
export function manifestsIn(event: Uint8Array): string[] {
  return digestsIn(event, /"manifest":"([0-9a-f]{64})"/g);
}

/** The attachments of requests that an event names, in the same way. */
export function attachmentsIn(event: Uint8Array): string[] {
  return digestsIn(event, /"attachment":"([0-9a-f]{64})"/g);
}

function digestsIn(event: Uint8Array, member: RegExp): string[] {
  const text = Buffer.from(event.buffer, event.byteOffset, event.byteLength).toString('utf8');
  return [...text.matchAll(member)].map(([, digest = '']) => digest);
}
