import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { StreamWriter } from '#platform/decide-and-append';
import { settings, SETTINGS_STREAM } from '#site/domain/settings/settings';
import { openSecrets } from '../setting-files.js';

/** Keys of the secret settings that the history names and the database lacks: they were set after the backup. */
export async function lostSecrets(ownerUrl: string, siteKey: Uint8Array): Promise<readonly string[]> {
  const store = new PostgresEventStore(ownerUrl);
  try {
    const { state } = await new StreamWriter(store, 'Etc/UTC').load(settings, SETTINGS_STREAM);
    const opened = await openSecrets(ownerUrl, siteKey, state.secrets);
    return [...opened].filter(([, value]) => value === null).map(([key]) => key);
  } finally {
    await store.close();
  }
}
