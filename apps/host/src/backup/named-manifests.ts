/**
 * The capture manifests that an event names, whatever its type: the digests in its members `manifest`. Read from the text, which is canonical
 * JSON: inside a string no quote stands bare.
 */
export function manifestsIn(event: Uint8Array): string[] {
  const text = Buffer.from(event.buffer, event.byteOffset, event.byteLength).toString('utf8');
  return [...text.matchAll(/"manifest":"([0-9a-f]{64})"/g)].map(([, digest = '']) => digest);
}
