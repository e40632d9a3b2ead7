import { folderUsable } from '#platform/health/checks';
import type { Look, Readiness } from '#platform/health/readiness';
import type { ProxyConfig } from './config.js';

type Places = Pick<ProxyConfig, 'blobs' | 'cacheDir'>;

/** What tells the proxy's readiness how it stands. */
export interface WatchedProxy {
  keysRead(): void;
  keptUsable(look: Look): void;
  policyObeyed(): void;
  databaseReachable(reachable: boolean, error?: unknown): void;
}

/** A proxy needs a policy and its own disk. Without the database it serves on: that is shown, and is no reason not to be asked. */
export function watchProxy(readiness: Readiness, { blobs, cacheDir }: Places): WatchedProxy {
  const keys = readiness.expect('keys', 'the policy key and its own are not read yet');
  const policy = readiness.expect('policy', 'there is none yet that it may obey');
  let database: string | undefined = 'it has not been asked yet';
  readiness.check('database', () => database, { needed: false });
  readiness.check('cache folder', folderUsable(cacheDir));
  return {
    keysRead: () => keys.met(),
    // A bucket that is away: what was fetched before is served on.
    keptUsable: (look) =>
      blobs === undefined
        ? readiness.check('kept folder', look)
        : readiness.check('kept bucket', look, { needed: false }),
    policyObeyed: () => policy.met(),
    databaseReachable: (reachable, error) => {
      database = reachable ? undefined : error instanceof Error ? error.message : 'it cannot be reached';
    },
  };
}
