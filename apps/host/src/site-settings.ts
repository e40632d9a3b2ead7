import { existsSync, readFileSync } from 'node:fs';
import { systemClock } from '#kernel';
import { ConfigError } from '#platform/config';
import { SECRET_SETTINGS } from '#site/domain/settings/secret-settings';
import type { SetSettings, SettingValues } from '#site/domain/settings/settings';
import { SITE_SETTINGS } from '#site/domain/settings/site-settings';
import { refusedSettings, type RefusedSetting } from '#site/settings/refused-settings';
import {
  parseRunningSettings,
  readRunningSettings,
  type RunningSettings,
} from '#site/settings/running-settings';
import { HostConfig } from './config.js';
import { Home } from './home.js';
import { stageFile } from './import-certificate/put-file.js';
import type { Environment } from './server-environment.js';
import { secretsOnDisk, settingFile } from './setting-files.js';

/** The site's settings as its servers read them: by variable. Of a secret it names the file. */
export function asEnvironment({ values, secrets }: SetSettings, home: Home): Record<string, string> {
  const set = SITE_SETTINGS.map(({ key, variable }) => [variable, values.get(key)] as const);
  const files = SECRET_SETTINGS.filter(({ key }) => secrets.has(key));
  return {
    ...Object.fromEntries(set.filter((pair): pair is readonly [string, string] => pair[1] !== undefined)),
    ...Object.fromEntries(files.map(({ key, variable }) => [variable, settingFile(home, key)])),
  };
}

/**
 * Before any server is started.
 * @param said by the environment, which wins: what it says is not looked at here
 * @throws ConfigError for what the servers would refuse, such as a value that an earlier release took; it says the way out
 */
export function requireUsable(settings: SettingValues, said: Environment): void {
  const overruled = new Set<string>(
    SITE_SETTINGS.filter(({ variable }) => said[variable]).map(({ key }) => key),
  );
  const refused = refusedSettings(new Map([...settings].filter(([key]) => !overruled.has(key))));
  if (refused.length === 0) return;
  throw new ConfigError([
    ...refused.map(({ sentence }) => sentence),
    wayOut(refused, (variables) => `start them with "${variables} holdfast up"`),
  ]);
}

/** What the servers will refuse when somebody else starts them, a sentence each, and the way out; none for what they take. */
export function warnOfRefused(settings: SettingValues): readonly string[] {
  const refused = refusedSettings(settings);
  if (refused.length === 0) return [];
  const readers = [...new Set(refused.flatMap(({ setting }) => setting.readBy))].join(' and ');
  const start = (variables: string) =>
    `put ${variables} into the environment of ${readers}, where it wins over their file in servers/, and start them`;
  return [...refused.map(({ sentence }) => sentence), wayOut(refused, start)];
}

/** Control cannot start with these, and only control takes others: what the environment says wins, and lets it start. */
function wayOut(refused: readonly RefusedSetting[], start: (variables: string) => string): string {
  const given = (name: (setting: RefusedSetting['setting']) => string): string =>
    refused.map(({ setting }) => `${name(setting)}=VALUE`).join(' ');
  const variables = given(({ variable }) => variable);
  const keys = given(({ key }) => key);
  return `The site's people set that, and its servers do not start with it. To mend it, ${start(variables)}, with what is right; then say "holdfast config ${keys} --reason …", take that out of the environment, and start again.`;
}

/** For whoever starts without the database, and for those who ask what is in force; no secret is in it. @param said by the environment or the command line, by variable */
export async function writeRunningSettings(
  home: Home,
  settings: SetSettings,
  said: Environment,
): Promise<void> {
  const environment = [...SITE_SETTINGS, ...SECRET_SETTINGS].flatMap(({ key, variable }) => {
    const value = said[variable];
    return value ? [[key, value] as const] : [];
  });
  const running = {
    startedAt: systemClock.now(),
    stored: Object.fromEntries(settings.values),
    secrets: Object.fromEntries([...settings.secrets].map(([key, { hmacSha256 }]) => [key, hmacSha256])),
    environment: Object.fromEntries(environment),
  };
  const text = `${JSON.stringify(running, null, 2)}\n`;
  await (await stageFile(home.settingsFile(), text, 0o600, home.folder)).put();
}

/** What the site's settings were at the last start; none before the first. @throws SiteError `settings-file-damaged` */
export async function settingsOnDisk(home: Home): Promise<SetSettings> {
  const running = await readRunningSettings(home.settingsFile());
  return running ? keptSettings(home, running) : { values: new Map(), secrets: new Map() };
}

/**
 * The environment of a command on the host that is to know what the servers were started with: while they run, also what their own environment said,
 * or "up --sandbox", of the site's settings. What the command's environment says wins.
 * @throws SiteError `settings-file-damaged`
 */
export function withSiteSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const home = new Home(env['HOLDFAST_HOME'] || new HostConfig().home);
  const file = home.settingsFile();
  if (!existsSync(file)) return env;
  const running = parseRunningSettings(readFileSync(file, 'utf8'), file);
  const said = Object.entries(env).filter(([, value]) => value !== '');
  return {
    ...asEnvironment(keptSettings(home, running), home),
    ...(existsSync(home.runFile()) ? saidToServers(running) : {}),
    ...Object.fromEntries(said),
  };
}

/** By variable. */
function saidToServers({ environment }: RunningSettings): Record<string, string> {
  const said = [...SITE_SETTINGS, ...SECRET_SETTINGS].flatMap(({ key, variable }) => {
    const value = environment[key];
    return value === undefined ? [] : [[variable, value] as const];
  });
  return Object.fromEntries(said);
}

function keptSettings(home: Home, { stored, secrets }: RunningSettings): SetSettings {
  return { values: new Map(Object.entries(stored)), secrets: secretsOnDisk(home, secrets) };
}
