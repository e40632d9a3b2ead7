import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { roleUrl, type DatabaseRole } from '#platform/database/role-url';
import { ifThere } from '#platform/if-there';
import { textOfCertificate } from '#platform/tls/certificate-file';
import { SECRET_SETTINGS } from '#site/domain/settings/secret-settings';
import { SITE_SETTINGS } from '#site/domain/settings/site-settings';
import type { Home } from './home.js';
import type { KeyFiles } from './key-files.js';
import type { Prepared } from './prepare.js';
import { PROXY_NODE_OPTIONS, type Environment } from './server-environment.js';
import { requireOpened, settingFile, textOf, writeSettingFiles } from './setting-files.js';
import { writeRunningSettings } from './site-settings.js';

export interface PreparedSite {
  readonly home: Home;
  readonly keys: KeyFiles;
  readonly prepared: Prepared;
  readonly ownerUrl: string;
  /** Where the site's certificate is, when it is not in the home. */
  readonly certificateFile?: string | undefined;
  /** What wins over the site's settings. */
  readonly env?: Environment;
}

/** What a server needs of the site's secrets: the setting that names each, and the file. */
function secretsOf(server: DatabaseRole, { home, keys }: PreparedSite): Readonly<Record<string, string>> {
  switch (server) {
    case 'control':
      return {
        HOLDFAST_SITE_KEY_FILE: keys.site.path,
        HOLDFAST_LEDGER_VKEY_FILE: home.secret('ledger.vkey'),
      };
    case 'worker':
      return {
        HOLDFAST_LEDGER_VKEY_FILE: home.secret('ledger.vkey'),
        HOLDFAST_SINKS_KEY_FILE: home.secret('sinks.key'),
      };
    case 'projector':
      return { HOLDFAST_LEDGER_KEY_FILE: keys.ledger.path, HOLDFAST_POLICY_KEY_FILE: keys.policy.path };
    case 'proxy':
      return {
        HOLDFAST_PROXY_KEY_FILE: keys.proxy.path,
        HOLDFAST_POLICY_VKEY_FILE: home.secret('policy.vkey'),
      };
  }
}

/**
 * Makes, in the home, `servers/<name>/` for each server that somebody else starts (a container, say): a file `environment` with what only
 * `prepare` knows and what the site's people set, and copies of the server's own keys. Whoever can read one of these folders has that server's secrets and no other's.
 */
export async function writeServerFolders(site: PreparedSite): Promise<void> {
  const { settings: set, opened } = site.prepared;
  requireOpened(opened, site.env ?? {});
  await writeSettingFiles(site.home, opened);
  await writeRunningSettings(site.home, set, {});
  for (const server of ['control', 'worker', 'projector', 'proxy'] as const) {
    const folder = site.home.server(server);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const settings = new Map([['DATABASE_URL', roleUrl(site.ownerUrl, server, site.prepared.siteKey)]]);
    // The worker reads none.
    if (server !== 'worker') settings.set('HOLDFAST_ORIGIN', site.prepared.identity.origin);
    for (const { key, variable, readBy } of SITE_SETTINGS) {
      const value = set.values.get(key);
      if (value !== undefined && readBy.includes(server)) settings.set(variable, value);
    }
    for (const { key, variable, readBy } of SECRET_SETTINGS) {
      const copy = path.join(folder, path.basename(settingFile(site.home, key)));
      const text = readBy.includes(server) ? textOf(opened, key) : undefined;
      if (text === undefined) await rm(copy, { force: true });
      else {
        await replace(copy, text);
        settings.set(variable, copy);
      }
    }
    for (const [setting, secret] of Object.entries(secretsOf(server, site))) {
      const copy = path.join(folder, path.basename(secret));
      await replace(copy, await readFile(secret, 'utf8'));
      settings.set(setting, copy);
    }
    if (server === 'control' || server === 'proxy')
      settings.set('HOLDFAST_CERTIFICATE_FILE', await copyCertificate(site, folder));
    if (server === 'proxy') {
      settings.set('HOLDFAST_REGISTRATION_FILE', await copyRegistration(site, folder));
      settings.set('NODE_OPTIONS', PROXY_NODE_OPTIONS);
    }
    await replace(path.join(folder, 'environment'), [...settings].map(asLine).join(''));
  }
}

/** There need be none; `import-certificate` puts one here as well. @returns where it is, or will be */
async function copyCertificate({ home, certificateFile }: PreparedSite, folder: string): Promise<string> {
  const copy = path.join(folder, 'certificate.pem');
  const text = await textOfCertificate(certificateFile ?? home.secret('certificate.pem'));
  if (text !== undefined) await replace(copy, text);
  return copy;
}

/** As {@link copyCertificate}; `register` puts one here as well. */
async function copyRegistration({ home }: PreparedSite, folder: string): Promise<string> {
  const copy = path.join(folder, 'registration.assert');
  const text = await ifThere(readFile(home.secret('registration.assert'), 'utf8'));
  if (text !== undefined) await replace(copy, text);
  return copy;
}

/** As `node --env-file` and systemd's `EnvironmentFile=` both read it. @throws Error for what neither could */
function asLine([name, value]: readonly [string, string]): string {
  if (/["\\\n]/.test(value))
    throw new Error(`${name} has a quote, a backslash or a line break: it fits no file`);
  return `${name}="${value}"\n`;
}

async function replace(file: string, text: string): Promise<void> {
  const unfinished = `${file}.new`;
  const handle = await open(unfinished, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
}
