import type { StreamWriter } from '#platform/decide-and-append';
import { SITE_STREAM } from '#site/published';

/** When the site was founded, RFC 3339, UTC; undefined: it was not yet. */
export async function foundedAt(streams: Pick<StreamWriter, 'newest'>): Promise<string | undefined> {
  return (await streams.newest(SITE_STREAM, 'SiteFounded'))?.at;
}
