import { makeSettingFolder } from '#platform/setting-folder';
import type { HostConfig } from './config.js';
import { keyFiles } from './key-files.js';
import { prepare, type Prepared } from './prepare.js';
import { refuseWhileRestoring } from './restore/restore-marker.js';
import type { PreparedSite } from './server-folders.js';
import { withOwnHome } from './with-own-home.js';

/** {@link prepare} by itself, and then `more`, with the server from npm started for as long as it takes. */
export async function prepareHome(
  config: HostConfig,
  env: Readonly<Record<string, string | undefined>>,
  more: (site: PreparedSite) => Promise<void> = () => Promise.resolve(),
): Promise<Prepared> {
  await makeSettingFolder('HOLDFAST_HOME', config.home);
  const { eventStoreUrl, origin, zone, certificateFile } = config;
  return withOwnHome(config, async (home, url) => {
    // Before a database is started for it: that of a restore which was killed may be ending still.
    await refuseWhileRestoring(home);
    const ownerUrl = await url();
    const keys = keyFiles(home, env);
    const { ledgerDir, ledgerSecondDir } = config;
    const named = { ledgerDir, ledgerSecondDir, ...(origin === undefined ? {} : { origin }) };
    const prepared = await prepare({ home, keys, ownerUrl, eventStoreUrl, zone, ...named });
    await more({ home, keys, prepared, ownerUrl, certificateFile, env });
    return prepared;
  });
}
