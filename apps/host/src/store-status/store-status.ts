import pg from 'pg';
import { countDevices } from '#fleet/queries/count-devices';
import { sentenceOf } from '#kernel';
import { roleUrl } from '#platform/database/role-url';
import { ReadModels } from '#platform/http/read-models';
import { readRegistration } from '#site/registration/served-registration';
import type { HostConfig } from '../config.js';
import { Home } from '../home.js';
import { openKey, type KeyFile } from '../key-files.js';
import { readRunFile, type KnownUrls } from '../run-file.js';

/** How the store stands, in the incumbent's terms. */
export interface StoreStatus {
  readonly url: string | undefined;
  /** `ok`, or a sentence. */
  readonly database: string;
  /** Undefined: not registered. */
  readonly storeId: string | undefined;
  /** How many have said what they have; undefined where the read model cannot be asked: no database of one's own, or no server has run yet. */
  readonly devices: number | undefined;
  /** By server: `running`, or why not. */
  readonly services: Readonly<Record<string, string>>;
}

const PATIENCE_MS = 5_000;
const SERVERS = ['control', 'worker', 'projector', 'proxy'] as const;

/** Looks from outside, as the incumbent's program does, and changes nothing. @param siteKey what opens the read models, as control reads them */
export async function storeStatus(config: HostConfig, siteKey: KeyFile): Promise<StoreStatus> {
  const home = new Home(config.home);
  const running = await readRunFile(home.runFile());
  const registered = await readRegistration(config.registrationFile ?? home.secret('registration.assert'));
  const services = await Promise.all(
    SERVERS.map(async (server) => [server, await service(running?.health[server])] as const),
  );
  const says = await database(config.databaseUrl, running);
  return {
    url: config.proxyUrl ?? registered?.url ?? running?.proxy,
    database: says,
    storeId: registered?.storeId,
    devices: says === 'ok' ? await devices(config.databaseUrl, siteKey) : undefined,
    services: Object.fromEntries(services),
  };
}

/** A server that waits for its turn, or for somebody else, runs; it says what it waits for. */
async function service(health: string | undefined): Promise<string> {
  if (health === undefined) return 'not running';
  try {
    const response = await fetch(`${health}/readyz`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.ok) return 'running';
    const { waitsFor = [] } = (await response.json()) as { waitsFor?: readonly string[] };
    return `running, waits for ${waitsFor.join(', ')}`;
  } catch (error) {
    return `not running: ${sentenceOf(error)}`;
  }
}

/** The one that DATABASE_URL names is tried; the embedded one is there when the site is up. */
async function database(url: string | undefined, running: KnownUrls | undefined): Promise<string> {
  if (url === undefined)
    return running ? 'ok (embedded, for evaluation)' : 'not running (embedded, for evaluation)';
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PATIENCE_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return 'ok';
  } catch (error) {
    return `not ok: ${sentenceOf(error)}`;
  } finally {
    await client.end();
  }
}

/** A number that is not to be had is no fault of the store: `doctor` says what is. */
async function devices(ownerUrl: string | undefined, siteKey: KeyFile): Promise<number | undefined> {
  if (ownerUrl === undefined) return undefined;
  const key = await openKey(siteKey, false).catch(() => undefined);
  if (key === undefined) return undefined;
  const readModels = new ReadModels(roleUrl(ownerUrl, 'control', key));
  try {
    return await countDevices(readModels);
  } catch {
    return undefined;
  } finally {
    await readModels.close();
  }
}

/**
 * Lines that are YAML too, as scripts of the incumbent's users read them. No `Status: approved`: that is Canonical's to say; no `Device Limit`: there is none.
 * The devices' line is named as it is there, whatever it says of when: ours is of now.
 */
export function inTheIncumbentsShape(status: StoreStatus): string[] {
  const { url, database: db, storeId, devices: count, services } = status;
  return [
    `Store URL: ${url ?? 'not configured (set HOLDFAST_PROXY_URL)'}`,
    `Store DB: ${quoted(db)}`,
    `Store ID: ${storeId ?? 'not registered'}`,
    ...(count === undefined ? [] : [`Connected Devices (updated daily): ${count}`]),
    'Internal Service Status:',
    ...Object.entries(services).map(([name, says]) => `  ${name}: ${quoted(says)}`),
  ];
}

/** A colon in a sentence would make it something else in YAML. */
function quoted(text: string): string {
  return /^[\w (),]+$/.test(text) ? text : JSON.stringify(text);
}
