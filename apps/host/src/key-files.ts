import { stat } from 'node:fs/promises';
import type { Home } from './home.js';
import { keyOf } from './secret-files.js';

export type KeyName = 'site' | 'proxy' | 'ledger' | 'policy';

/** Where one of a site's keys is. */
export interface KeyFile {
  readonly path: string;
  /** The setting that names the file, when one does: it is somebody else's then (systemd's credential, say), and is only read. */
  readonly setting: string | undefined;
}

export type KeyFiles = Readonly<Record<KeyName, KeyFile>>;

const SETTINGS: Readonly<Record<KeyName, string>> = {
  site: 'HOLDFAST_SITE_KEY_FILE',
  proxy: 'HOLDFAST_PROXY_KEY_FILE',
  ledger: 'HOLDFAST_LEDGER_KEY_FILE',
  policy: 'HOLDFAST_POLICY_KEY_FILE',
};

/** In the home, but for those that a setting puts elsewhere. */
export function keyFiles(home: Home, env: Readonly<Record<string, string | undefined>>): KeyFiles {
  const place = (key: KeyName): KeyFile => {
    const setting = SETTINGS[key];
    const named = env[setting];
    return named ? { path: named, setting } : { path: home.secret(`${key}.key`), setting: undefined };
  };
  return { site: place('site'), proxy: place('proxy'), ledger: place('ledger'), policy: place('policy') };
}

/**
 * The key; in the home, one is made when there is none and `make` is set.
 * @throws Error with a sentence when the file is no key of ours, or is missing
 */
export async function openKey({ path, setting }: KeyFile, make: boolean): Promise<Buffer> {
  if (setting === undefined) return keyOf(path, make);
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) throw new Error(`${setting} names ${path}, which is missing: put the key there`);
  return keyOf(path, false);
}
