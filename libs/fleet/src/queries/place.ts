/** Where a page ended: the key of its last row. */
export function nextOf({ key }: { readonly key: readonly string[] }): string {
  return JSON.stringify(key);
}

/** A list of texts as JSON: what {@link nextOf} makes, as far as it can be told without the list. */
export const PLACE = /^\["[^\n]{0,3000}"\]$/;

/** What {@link nextOf} made of a key. Whatever else `after` is, it names the place before all rows. @param first that place */
export function placeIn(after: string, first: readonly string[]): readonly string[] {
  try {
    const key: unknown = JSON.parse(after);
    if (Array.isArray(key) && key.length === first.length && key.every((part) => typeof part === 'string'))
      return key;
  } catch {
    // As for any other text that is none.
  }
  return first;
}
