import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { ConfigError } from '#platform/config';
import { SiteError } from '#site/domain/errors';
import { SECRET_SETTINGS, type SecretKey } from '#site/domain/settings/secret-settings';
import type { SecretDigests } from '#site/domain/settings/settings';
import { SealedSettings } from '#site/sealed/sealed-settings';
import type { Home } from './home.js';
import { stageFile } from './import-certificate/put-file.js';
import type { Environment } from './server-environment.js';

/** The values of the site's secret settings, in clear; null for one that the database has lost. */
export type OpenedSecrets = ReadonlyMap<SecretKey, string | null>;

/** @param ownerUrl of the database */
export async function openSecrets(
  ownerUrl: string,
  siteKey: Uint8Array,
  secrets: SecretDigests,
): Promise<OpenedSecrets> {
  const sealed = new SealedSettings(ownerUrl, siteKey);
  const opened = [...secrets].map(async ([key, digest]) => {
    const value = await sealed.open(key, digest).catch((error: unknown) => {
      if (error instanceof SiteError && error.code === 'secret-lost') return null;
      throw error;
    });
    return [key, value] as const;
  });
  try {
    return new Map(await Promise.all(opened));
  } finally {
    await sealed.close();
  }
}

/**
 * Before any server is started.
 * @param said by the environment, which wins: what it names in the place of a secret is not missed
 * @throws ConfigError for a secret that is lost; it says the way out
 */
export function requireOpened(opened: OpenedSecrets, said: Environment): void {
  const lost = SECRET_SETTINGS.filter(({ key, variable }) => opened.get(key) === null && !said[variable]);
  if (lost.length === 0) return;
  throw new ConfigError(
    lost.map(
      ({ key, variable }) =>
        `${key} is set, but its sealed value is not in the database, or was altered there. Name a file with it in ${variable}, start, and set it again with "holdfast config ${key}=-".`,
    ),
  );
}

/** Where the servers read a secret: in the home, since a proxy must start without the database. */
export function settingFile(home: Home, key: SecretKey): string {
  return home.secret(`setting.${key}`);
}

/** What the file of a secret holds; undefined when there is none to be. */
export function textOf(opened: OpenedSecrets, key: SecretKey): string | undefined {
  const value = opened.get(key) ?? undefined;
  return value === undefined ? undefined : `${value}\n`;
}

/** Whole, for our own account alone; what is not set goes. */
export async function writeSettingFiles(home: Home, opened: OpenedSecrets): Promise<void> {
  for (const { key } of SECRET_SETTINGS) {
    const text = textOf(opened, key);
    const file = settingFile(home, key);
    if (text === undefined) await rm(file, { force: true });
    else await (await stageFile(file, text, 0o600, home.folder)).put();
  }
}

/** Of the secrets that were set at the last start, those whose file is there. @param digests hex, by key */
export function secretsOnDisk(home: Home, digests: Readonly<Record<string, string>>): SecretDigests {
  const there = SECRET_SETTINGS.flatMap(({ key }) => {
    const hmacSha256 = digests[key];
    return hmacSha256 !== undefined && existsSync(settingFile(home, key))
      ? [[key, { hmacSha256 }] as const]
      : [];
  });
  return new Map(there);
}
