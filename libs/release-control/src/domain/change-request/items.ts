import { ReleaseControlError } from '../errors.js';
import type { ChangeItem } from './events.js';

/** So many fit, with their captures, into one append. */
export const MOST_ITEMS = 100;

/** The shape of a batch; whether the names exist is for capture to find out. @throws ReleaseControlError `invalid-items` */
export function checkItems(items: readonly ChangeItem[]): void {
  if (items.length === 0) throw invalid('a change request needs at least one item');
  if (items.length > MOST_ITEMS)
    throw invalid(`${items.length} items are too many; at most ${MOST_ITEMS} make one request`);
  const seen = new Set<string>();
  for (const { format, name, channel, version } of items) {
    const parts = [format, name, channel, ...(version === null ? [] : [version])];
    if (parts.some((part) => !/^[^\s]{1,255}$/.test(part))) {
      throw invalid(
        `"${parts.join(' ')}": a name, channel or version is empty, holds a space, or is too long`,
      );
    }
    const key = parts.join(' ');
    if (seen.has(key)) throw invalid(`${name} ${channel}=${version ?? 'none'} stands twice in the request`);
    seen.add(key);
  }
}

function invalid(message: string): ReleaseControlError {
  return new ReleaseControlError('invalid-items', message);
}
