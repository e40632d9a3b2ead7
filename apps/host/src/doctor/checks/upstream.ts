import { sentenceOf } from '#kernel';
import { HttpUpstreamStore, upstreamSettings } from '#upstream/published';
import { fail, ok, warn, type Finding } from '../finding.js';

/** Asks upstream as snapd's own connectivity check does (protocol page 5.7), the way that worker and proxy would. */
export async function checkUpstream(url: string): Promise<Finding> {
  const check = 'upstream';
  const todo =
    'held revisions are served on; for the rest, see to the network, HOLDFAST_UPSTREAM_URL and, for a private CA, NODE_EXTRA_CA_CERTS';
  try {
    const store = new HttpUpstreamStore(upstreamSettings(url));
    try {
      const { status } = await store.relay({ method: 'HEAD', path: '/' });
      if (status >= 500) return warn(check, `${url} answers with status ${status}`, todo);
      return ok(check, `${url} answers`);
    } finally {
      await store.close();
    }
  } catch (error) {
    return fail(check, `${url} cannot be reached: ${sentenceOf(error)}`, todo);
  }
}
