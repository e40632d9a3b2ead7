import { makeSettingFolder } from '#platform/setting-folder';
import { readLedgerVkey } from '#site/own-store/open-own-store';
import { readSinksKey } from './sinks/read-sinks-key.js';
import { readWayOut } from '#upstream/published';
import type { WorkerConfig } from './config.js';
import { readTrustRoots } from '#catalog/trust-roots';

/**
 * Tries what the settings name before the worker waits for its turn: a mistake is said now, not when the other worker is gone.
 * @throws ConfigError
 */
export async function trySettings(config: WorkerConfig): Promise<void> {
  await readLedgerVkey(config.ledgerVkeyFile);
  await readTrustRoots(config.trustRootsDir);
  await readWayOut(config);
  await readSinksKey(config.sinksKeyFile);
  if (config.blobs === undefined) await makeSettingFolder('HOLDFAST_KEPT_DIR', config.keptDir);
  else await makeSettingFolder('HOLDFAST_SPOOL_DIR', config.spoolDir);
}
