import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Device, type Offer } from '#apps/demo/src/device';
import { up, type Running } from '#apps/host/src/up';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { EmbeddedPostgres } from '#platform/database/embedded-postgres';
import { freePort } from '#platform/database/free-port';
import { Board, type Shown } from '#test/support/board';
import { offered, trustRootsOf } from '#test/support/device';

const SERVERS = ['CONTROL', 'WORKER', 'PROJECTOR', 'PROXY'] as const;
const KEYS = ['SITE', 'PROXY', 'LEDGER', 'POLICY'] as const;

let folder: string;
let env: Record<string, string>;
let upstream: SandboxStore;
let database: EmbeddedPostgres;
let site: Running;
let held: Shown;
let offer: Offer;
const log: string[] = [];

const setting = (name: string): string => env[name] ?? `${name} is not set`;

/** One site with no setting at its default that another value can be given on this machine. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-effects-'));
  upstream = await startSandboxStore({ dir: join(folder, 'upstream'), keysDir: join(folder, 'keys') });
  upstream.release('lab-hello', 'stable', 2);
  database = await EmbeddedPostgres.start({
    folder: join(folder, 'pg'),
    passwordFile: join(folder, 'pg-password'),
    durable: false,
  });
  env = {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: database.ownerUrl,
    HOLDFAST_ORIGIN: 'effects.example/log',
    HOLDFAST_ZONE: 'Asia/Kathmandu',
    HOLDFAST_LOG_LEVEL: 'warn',
    HOLDFAST_UPSTREAM_URL: upstream.url,
    HOLDFAST_TRUST_ROOTS: upstream.trustRootsDir,
    HOLDFAST_ARCHITECTURES: 'amd64',
    HOLDFAST_SCRUB_EVERY_MINUTES: '0',
    HOLDFAST_SYNC_EVERY_MINUTES: '30',
    HOLDFAST_VERIFY_EVERY_HOURS: '6',
    HOLDFAST_CACHE_SIZE: '3G',
    HOLDFAST_PROXY_URL: 'http://snaps.effects.example:4711',
  };
  for (const name of ['KEPT', 'CACHE', 'NODE', 'LEDGER', 'LEDGER_SECOND']) {
    env[`HOLDFAST_${name}_DIR`] = join(folder, `elsewhere-${name.toLowerCase()}`);
  }
  await mkdir(join(folder, 'elsewhere'));
  for (const key of KEYS) {
    const file = join(folder, 'elsewhere', key);
    await writeFile(file, randomBytes(32).toString('hex'), { mode: 0o600 });
    env[`HOLDFAST_${key}_KEY_FILE`] = file;
  }
  const listeners = ['CONTROL', 'PROXY', ...SERVERS.map((server) => `${server}_HEALTH`)];
  for (const [index, name] of listeners.entries()) {
    env[`HOLDFAST_${name}_HOST`] = `127.0.0.${index + 2}`;
    env[`HOLDFAST_${name}_PORT`] = String(await freePort());
  }
  site = await up({ home: join(folder, 'home'), env, log: (line) => log.push(line) });
  const board = await Board.of(site.urls.control, join(folder, 'home'));
  held = await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 1 });
  offer = await offered(new Device(site.urls.proxy, await trustRootsOf(upstream)), 1);
}, 180_000);

afterAll(async () => {
  await site?.stop();
  await database?.stop();
  await upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

const filesOf = async (name: string): Promise<string[]> => readdir(setting(`HOLDFAST_${name}_DIR`));

/** What the first event says. */
async function founded(): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ text: string }>(
      `select convert_from(bytes, 'UTF8') as text from events.event order by position limit 1`,
    );
    return JSON.parse(rows[0]?.text ?? '{}') as Record<string, unknown>;
  } finally {
    await client.end();
  }
}

function listens(name: string, url: string | undefined): void {
  const { hostname, port } = new URL(url ?? 'http://nowhere');
  expect([hostname, port]).toEqual([setting(`HOLDFAST_${name}_HOST`), setting(`HOLDFAST_${name}_PORT`)]);
}

/** Where to look for what each setting does. */
const EFFECTS: Readonly<Record<string, () => void | Promise<void>>> = {
  HOLDFAST_HOME: async () => expect(await readdir(join(folder, 'home'))).toContain('secrets'),
  DATABASE_URL: async () => expect(await founded()).toMatchObject({ type: 'SiteFounded' }),
  HOLDFAST_ORIGIN: async () =>
    expect(await readFile(join(setting('HOLDFAST_LEDGER_DIR'), 'checkpoint'), 'utf8')).toMatch(
      /^effects\.example\/log\n/,
    ),
  HOLDFAST_ZONE: async () =>
    expect(await founded()).toMatchObject({ zone: 'Asia/Kathmandu', offset: '+05:45' }),
  HOLDFAST_LOG_LEVEL: () => expect(log.filter((line) => line.includes('"level":"info"'))).toEqual([]),
  HOLDFAST_UPSTREAM_URL: () => expect(held.status).toBe('effective'),
  HOLDFAST_TRUST_ROOTS: () => expect(held.status).toBe('effective'),
  HOLDFAST_ARCHITECTURES: () => {
    const architectures = JSON.stringify(held).match(/"architecture":"[^"]+"/g) ?? [];
    expect([...new Set(architectures)]).toEqual(['"architecture":"amd64"']);
  },
  HOLDFAST_SCRUB_EVERY_MINUTES: async () => {
    const metrics = await (await fetch(`${site.urls.health.worker}/metrics`)).text();
    expect(metrics).toMatch(/^holdfast_scrub_last_slice_timestamp_seconds 0$/m);
  },
  HOLDFAST_SYNC_EVERY_MINUTES: async () => {
    const metrics = await (await fetch(`${site.urls.health.worker}/metrics`)).text();
    expect(metrics).toMatch(/^holdfast_sync_interval_seconds 1800$/m);
  },
  HOLDFAST_VERIFY_EVERY_HOURS: async () => {
    const metrics = await (await fetch(`${site.urls.health.worker}/metrics`)).text();
    expect(metrics).toMatch(/^holdfast_ledger_verification_interval_seconds 21600$/m);
  },
  HOLDFAST_PROXY_URL: () => expect(offer.url).toMatch(/^http:\/\/snaps\.effects\.example:4711\//),
  HOLDFAST_NODE_DIR: async () => expect(await filesOf('NODE')).toContain('node.key'),
  HOLDFAST_KEPT_DIR: async () => expect(await filesOf('KEPT')).toContain('sha256'),
  HOLDFAST_CACHE_DIR: async () => expect(await filesOf('CACHE')).toContain('policy'),
  HOLDFAST_CACHE_SIZE: async () => {
    const metrics = await (await fetch(`${site.urls.health.proxy}/metrics`)).text();
    expect(metrics).toMatch(/^holdfast_cache_limit_bytes 3221225472$/m);
  },
  HOLDFAST_LEDGER_DIR: async () => expect(await filesOf('LEDGER')).toContain('tile'),
  HOLDFAST_LEDGER_SECOND_DIR: async () => expect(await filesOf('LEDGER_SECOND')).toContain('checkpoint'),
  HOLDFAST_CONTROL_HOST: () => listens('CONTROL', site.urls.control),
  HOLDFAST_PROXY_HOST: () => listens('PROXY', site.urls.proxy),
  HOLDFAST_CONTROL_HEALTH_HOST: () => listens('CONTROL_HEALTH', site.urls.health.control),
  HOLDFAST_WORKER_HEALTH_HOST: () => listens('WORKER_HEALTH', site.urls.health.worker),
  HOLDFAST_PROJECTOR_HEALTH_HOST: () => listens('PROJECTOR_HEALTH', site.urls.health.projector),
  HOLDFAST_PROXY_HEALTH_HOST: () => listens('PROXY_HEALTH', site.urls.health.proxy),
  HOLDFAST_SITE_KEY_FILE: async () => {
    const made = await readdir(join(folder, 'home/secrets'));
    // Of what it is the key of nothing is made; what derives from it for the worker is.
    expect(made.filter((name) => name.endsWith('.key'))).toEqual(['sinks.key']);
  },
};

/** What this one site cannot show: what it does is shown below the server, by these. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  EVENTSTORE_URL: 'test/e2e/events-copy.e2e.spec.ts',
  HOLDFAST_SHADOW_OF: 'test/e2e/move-in.e2e.spec.ts',
  HOLDFAST_PREFETCH: 'apps/proxy/src/prefetch.int.spec.ts',
  BLOBS_URL: 'apps/proxy/src/kept-bucket.int.spec.ts',
  HOLDFAST_SPOOL_DIR: 'libs/blob-store/src/s3/s3-blob-store.int.spec.ts',
  HOLDFAST_EVALUATION_DATABASE: 'apps/host/src/up.int.spec.ts',
  HOLDFAST_RING: 'apps/host/src/up.int.spec.ts',
  HOLDFAST_HOLD_REVIEW_DAYS: 'apps/control/src/overdue-holds.int.spec.ts',
  HOLDFAST_ACCESS_REVIEW_INTERVAL: 'apps/control/src/reviews-due.int.spec.ts',
  HOLDFAST_PERIODIC_REVIEW_INTERVAL: 'apps/control/src/reviews-due.int.spec.ts',
  HOLDFAST_TRAIL_REVIEW_INTERVAL: 'apps/control/src/reviews-due.int.spec.ts',
  HOLDFAST_SCRUB_SLICE_MIB: 'libs/catalog/src/scrub/scrub-slice.spec.ts',
  HOLDFAST_DEVICE_SERVICES: 'apps/proxy/src/sessions.int.spec.ts',
  HOLDFAST_UPSTREAM_ORIGINS: 'apps/worker/src/config.spec.ts',
  HOLDFAST_REGISTRATION_FILE: 'apps/proxy/src/setup.int.spec.ts',
  HOLDFAST_CERTIFICATE_AUTHORITY_FILE: 'apps/proxy/src/setup.int.spec.ts',
  HOLDFAST_UPSTREAM_CA_FILE: 'test/interop/squid/network.spec.ts',
  HOLDFAST_FORWARD_PROXY: 'test/interop/squid/network.spec.ts',
  HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE: 'test/interop/squid/network.spec.ts',
  HOLDFAST_NO_PROXY: 'libs/upstream/src/egress/forward-proxy.spec.ts',
  HOLDFAST_CERTIFICATE_FILE: 'apps/host/src/import-certificate/import-certificate.int.spec.ts',
  HOLDFAST_CONTROL_URL: 'apps/host/src/import-certificate/import-certificate.int.spec.ts',
  HOLDFAST_NODE_TOKEN_FILE: 'test/e2e/nodes.e2e.spec.ts',
  HOLDFAST_RUN_FILE: 'test/e2e/nodes.e2e.spec.ts',
  HOLDFAST_PASSWORD_DAYS: 'apps/control/src/resets.int.spec.ts',
  HOLDFAST_SECOND_COMPONENT: 'apps/control/src/second-component.int.spec.ts',
  HOLDFAST_SESSION_IDLE_MINUTES: 'apps/control/src/unused-session.int.spec.ts',
  HOLDFAST_SIGNING_PAUSE_MINUTES: 'apps/control/src/second-component.int.spec.ts',
  HOLDFAST_IDENTITY_REFERENCE: 'apps/control/src/identity-reference.int.spec.ts',
  HOLDFAST_TRAINING: 'apps/control/src/training.int.spec.ts',
  HOLDFAST_SSO_CA_FILE: 'libs/identity/src/single-sign-on/identity-provider.int.spec.ts',
  HOLDFAST_SSO_CLAIM: 'libs/identity/src/single-sign-on/identity-provider.int.spec.ts',
  HOLDFAST_SSO_CLIENT_ID: 'apps/control/src/single-sign-on.int.spec.ts',
  HOLDFAST_SSO_CLIENT_SECRET_FILE: 'apps/control/src/single-sign-on.int.spec.ts',
  HOLDFAST_SSO_ISSUER: 'apps/control/src/single-sign-on.int.spec.ts',
  HOLDFAST_SSO_ORIGINS: 'libs/identity/src/single-sign-on/identity-provider.int.spec.ts',
  HOLDFAST_SSO_SCOPES: 'apps/control/src/single-sign-on.int.spec.ts',
  HOLDFAST_SINKS_KEY_FILE: 'apps/worker/src/sinks/sinks.int.spec.ts',
  HOLDFAST_SETTINGS_FILE: 'test/e2e/config.e2e.spec.ts',
  HOLDFAST_ATTACHMENT_MIB: 'apps/control/src/attachments.int.spec.ts',
  HOLDFAST_TICKET_SYSTEMS_FILE: 'apps/control/src/tickets.int.spec.ts',
  HOLDFAST_CONTROL_REDIRECT_PORT: 'libs/platform/src/tls/public-port.int.spec.ts',
  HOLDFAST_PROXY_REDIRECT_PORT: 'test/e2e/tls.e2e.spec.ts',
};

/** Shown beside another: a port with its host, the keys together. */
const TOGETHER = /_PORT$|^HOLDFAST_(PROXY|LEDGER|POLICY)_KEY_FILE$/;
/** Made by preparing the site, and named to the servers by `up`: a wrong one ends them at their start. */
const PINNED = /_VKEY_FILE$/;

const page = readFileSync('docs/reference/settings.md', 'utf8');
const documented = [...page.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name = '']) => name);

describe('a site with every setting set', () => {
  it('is ready', async () => {
    const answers = Object.values(site.urls.health).map((url) => fetch(`${url}/readyz`));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it.each(Object.keys(EFFECTS))('shows what %s does', async (name) => {
    const look = async (): Promise<void> => {
      await EFFECTS[name]?.();
    };
    await expect(look()).resolves.toBeUndefined();
  });

  it('leaves out no setting that is documented', () => {
    const shown = (name: string): boolean =>
      name in EFFECTS || name in ELSEWHERE || TOGETHER.test(name) || PINNED.test(name);
    expect(documented.length).toBeGreaterThan(30);
    expect(Object.values(ELSEWHERE).filter((file) => !existsSync(file))).toEqual([]);
    expect(documented.filter((name) => !name.startsWith('HOLDFAST_SANDBOX_') && !shown(name))).toEqual([]);
  });
});
