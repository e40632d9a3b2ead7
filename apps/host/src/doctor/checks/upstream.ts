import { sentenceOf } from '#kernel';
import { loadConfig } from '#platform/config';
import { HttpUpstreamStore, readWayOut, upstreamSettings } from '#upstream/published';
import { ConnectionsConfig } from '../../check-connections/config.js';
import type { Environment } from '../../server-environment.js';
import { fail, ok, warn, type Finding } from '../finding.js';

/** Asks upstream as snapd's own connectivity check does (protocol page 5.7), the way that worker and proxy would. */
export async function checkUpstream(env: Environment): Promise<Finding> {
  const check = 'upstream';
  const todo =
    'held revisions are served on; for the rest, see to the network, HOLDFAST_UPSTREAM_URL, HOLDFAST_FORWARD_PROXY and, for a private CA, HOLDFAST_UPSTREAM_CA_FILE';
  try {
    const config = loadConfig(ConnectionsConfig, env);
    const url = config.upstreamUrl;
    const store = new HttpUpstreamStore(upstreamSettings(url, '', {}, await readWayOut(config)));
    try {
      const { status } = await store.relay({ method: 'HEAD', path: '/' });
      if (status >= 500) return warn(check, `${url} answers with status ${status}`, todo);
      return ok(check, `${url} answers`);
    } finally {
      await store.close();
    }
  } catch (error) {
    return fail(check, `it cannot be asked: ${sentenceOf(error)}`, todo);
  }
}
