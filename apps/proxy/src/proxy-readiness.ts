import { folderUsable } from '#platform/health/checks';
import type { Readiness } from '#platform/health/readiness';
import type { ProxyConfig } from './config.js';

type Folders = Pick<ProxyConfig, 'keptDir' | 'cacheDir'>;

/** What tells the proxy's readiness how it stands. */
export interface WatchedProxy {
  keysRead(): void;
  policyObeyed(): void;
  databaseReachable(reachable: boolean, error?: unknown): void;
}

/** A proxy needs a policy and its own disk. Without the database it serves on: that is shown, and is no reason not to be asked. */
export function watchProxy(readiness: Readiness, { keptDir, cacheDir }: Folders): WatchedProxy {
  const keys = readiness.expect('keys', 'the policy key and its own are not read yet');
  const policy = readiness.expect('policy', 'there is none yet that it may obey');
  let database: string | undefined = 'it has not been asked yet';
  readiness.check('database', () => database, { needed: false });
  readiness.check('cache folder', folderUsable(cacheDir));
  readiness.check('kept folder', folderUsable(keptDir, 'read'));
  return {
    keysRead: () => keys.met(),
    policyObeyed: () => policy.met(),
    databaseReachable: (reachable, error) => {
      database = reachable ? undefined : error instanceof Error ? error.message : 'it cannot be reached';
    },
  };
}
