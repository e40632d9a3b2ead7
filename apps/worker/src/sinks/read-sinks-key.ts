import { readKeyFile } from '#platform/setting-file';

/** What the secrets of sinks are sealed with; undefined without a file. @throws as {@link readKeyFile} */
export async function readSinksKey(file: string | undefined): Promise<Buffer | undefined> {
  return file === undefined ? undefined : readKeyFile('HOLDFAST_SINKS_KEY_FILE', file);
}
