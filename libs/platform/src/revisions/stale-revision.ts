import { actorName, decodeEvent } from '#kernel';
import { NO_STREAM, type EventStore } from '#event-store/port';
import { HttpError } from '../http/errors.js';
import type { IfMatch } from './entity-tag.js';

/** What is in the place of what was expected. */
export interface CurrentRecord {
  /** As `If-Match` takes it; null for a record that there is not. */
  readonly etag: string | null;
  /** What happened since the newest revision that was named, the newest last; at most twenty. */
  readonly since: readonly {
    readonly type: string;
    readonly at: string;
    readonly by: string;
    readonly streamRevision: string;
  }[];
}

/** The record is not at the revision that the request was made for (412). */
export class StaleRevision extends HttpError {
  constructor(
    message: string,
    readonly current: CurrentRecord,
  ) {
    super('precondition-failed', message);
  }
}

const MOST_SHOWN = 20;

/**
 * @param beside how many of the stream's newest events the request itself appended: who named a revision looked before them
 * @throws StaleRevision unless the stream is at one of the revisions
 */
export async function requireRevision(
  store: EventStore,
  { stream, revision }: { readonly stream: string; readonly revision: bigint },
  expected: IfMatch,
  beside: bigint,
): Promise<void> {
  if (expected === 'any' ? revision !== NO_STREAM : expected.includes(revision - beside)) return;
  const exists = revision !== NO_STREAM;
  const etag = exists ? `"${revision}"` : null;
  const what = exists ? `${stream} is at ${revision}` : `there is no ${stream}`;
  const named =
    expected === 'any'
      ? 'any revision'
      : expected.join(', ') ||
        'no revision that a record can be at (in a list, each line has a tag of its own)';
  throw new StaleRevision(`If-Match names ${named}, and ${what}: look at it again`, {
    etag,
    since: expected === 'any' ? [] : await since(store, stream, revision, expected),
  });
}

async function since(
  store: EventStore,
  stream: string,
  revision: bigint,
  expected: readonly bigint[],
): Promise<CurrentRecord['since']> {
  const newest = expected.filter((each) => each < revision).reduce((a, b) => (a > b ? a : b), -1n);
  const from = [newest + 1n, revision - BigInt(MOST_SHOWN - 1), 0n].reduce((a, b) => (a > b ? a : b));
  const found = [];
  for await (const { bytes } of store.readStream(stream, from)) {
    const { type, at, actor, streamRevision } = decodeEvent(bytes);
    found.push({ type, at, by: actorName(actor), streamRevision });
  }
  return found.slice(0, MOST_SHOWN);
}
