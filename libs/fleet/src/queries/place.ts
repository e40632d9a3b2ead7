/** Where a page ended: the key of its last row, as `next` and `after` of a list name it. */
export function nextOf({ key }: { readonly key: readonly string[] }): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** What {@link nextOf} made of a key. Whatever else `after` is, it names the place before all rows. @param first that place */
export function placeIn(after: string, first: readonly string[]): readonly string[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.length === first.length && key.every((part) => typeof part === 'string'))
      return key;
  } catch {
    // As for any other text that is none.
  }
  return first;
}
