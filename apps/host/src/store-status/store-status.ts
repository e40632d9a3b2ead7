import pg from 'pg';
import { sentenceOf } from '#kernel';
import { readRegistration } from '#site/registration/served-registration';
import type { HostConfig } from '../config.js';
import { Home } from '../home.js';
import { readRunFile, type KnownUrls } from '../run-file.js';

/** How the store stands, in the incumbent's terms. */
export interface StoreStatus {
  readonly url: string | undefined;
  /** `ok`, or a sentence. */
  readonly database: string;
  /** Undefined: not registered. */
  readonly storeId: string | undefined;
  /** By server: `running`, or why not. */
  readonly services: Readonly<Record<string, string>>;
}

const PATIENCE_MS = 5_000;
const SERVERS = ['control', 'worker', 'projector', 'proxy'] as const;

/** Looks from outside, as the incumbent's program does, and changes nothing. */
export async function storeStatus(config: HostConfig): Promise<StoreStatus> {
  const home = new Home(config.home);
  const running = await readRunFile(home.runFile());
  const registered = await readRegistration(config.registrationFile ?? home.secret('registration.assert'));
  const services = await Promise.all(
    SERVERS.map(async (server) => [server, await service(running?.health[server])] as const),
  );
  return {
    url: config.proxyUrl ?? registered?.url ?? running?.proxy,
    database: await database(config.databaseUrl, running),
    storeId: registered?.storeId,
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

/** Lines that are YAML too, as scripts of the incumbent's users read them. No `Status: approved`: that is Canonical's to say. */
export function inTheIncumbentsShape({ url, database: db, storeId, services }: StoreStatus): string[] {
  return [
    `Store URL: ${url ?? 'not configured (set HOLDFAST_PROXY_URL)'}`,
    `Store DB: ${quoted(db)}`,
    `Store ID: ${storeId ?? 'not registered'}`,
    'Internal Service Status:',
    ...Object.entries(services).map(([name, says]) => `  ${name}: ${quoted(says)}`),
  ];
}

/** A colon in a sentence would make it something else in YAML. */
function quoted(text: string): string {
  return /^[\w (),]+$/.test(text) ? text : JSON.stringify(text);
}
