import { existsSync, readFileSync } from 'node:fs';
import { systemClock } from '#kernel';
import { ConfigError } from '#platform/config';
import type { Settings } from '#site/domain/settings/settings';
import { SITE_SETTINGS } from '#site/domain/settings/site-settings';
import { refusedSettings } from '#site/settings/refused-settings';
import { parseRunningSettings, readRunningSettings } from '#site/settings/running-settings';
import { HostConfig } from './config.js';
import { Home } from './home.js';
import { stageFile } from './import-certificate/put-file.js';
import type { Environment } from './server-environment.js';

/** The site's settings as its servers read them: by variable. */
export function asEnvironment(settings: Settings): Record<string, string> {
  const set = SITE_SETTINGS.map(({ key, variable }) => [variable, settings.get(key)] as const);
  return Object.fromEntries(set.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}

/**
 * Before any server is started.
 * @param said by the environment, which wins: what it says is not looked at here
 * @throws ConfigError for what the servers would refuse, such as a value that an earlier release took; it says the way out
 */
export function requireUsable(settings: Settings, said: Environment): void {
  const overruled = new Set(SITE_SETTINGS.filter(({ variable }) => said[variable]).map(({ key }) => key));
  const sentences = refusedSettings(new Map([...settings].filter(([key]) => !overruled.has(key))));
  if (sentences.length === 0) return;
  throw new ConfigError([
    ...sentences,
    'These are settings of the site. A variable in the environment, such as HOLDFAST_CACHE_SIZE for cache-size, wins: set it there, start, and correct the setting with "holdfast config".',
  ]);
}

/** For whoever starts without the database, and for those who ask what is in force. @param said by the environment or the command line, by variable */
export async function writeRunningSettings(home: Home, settings: Settings, said: Environment): Promise<void> {
  const environment = SITE_SETTINGS.flatMap(({ key, variable }) => {
    const value = said[variable];
    return value ? [[key, value] as const] : [];
  });
  const running = {
    startedAt: systemClock.now(),
    stored: Object.fromEntries(settings),
    environment: Object.fromEntries(environment),
  };
  const text = `${JSON.stringify(running, null, 2)}\n`;
  await (await stageFile(home.settingsFile(), text, 0o600, home.folder)).put();
}

/** What the site's settings were at the last start; none before the first. @throws SiteError `settings-file-damaged` */
export async function settingsOnDisk(home: Home): Promise<Settings> {
  const running = await readRunningSettings(home.settingsFile());
  return new Map(Object.entries(running?.stored ?? {}));
}

/**
 * The environment of a command on the host that is to know what the servers were started with.
 * @throws SiteError `settings-file-damaged`
 */
export function withSiteSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const file = new Home(env['HOLDFAST_HOME'] || new HostConfig().home).settingsFile();
  if (!existsSync(file)) return env;
  const { stored } = parseRunningSettings(readFileSync(file, 'utf8'), file);
  const said = Object.entries(env).filter(([, value]) => value !== '');
  return { ...asEnvironment(new Map(Object.entries(stored))), ...Object.fromEntries(said) };
}
