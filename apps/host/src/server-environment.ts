import path from 'node:path';
import { roleUrl, type DatabaseRole } from '#platform/database/role-url';
import type { SetSettings } from '#site/domain/settings/settings';
import type { Home } from './home.js';
import type { Prepared } from './prepare.js';
import type { ServerName } from './programs.js';
import { OF_THE_BUCKET } from './bucket-environment.js';
import { SINGLE_SIGN_ON, WAY_OUT } from './ways-out.js';
import { asEnvironment } from './site-settings.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Ports {
  readonly control?: number;
  readonly proxy?: number;
  readonly sandbox?: number;
}

/** What the servers need to be told of a site that is prepared. */
export interface KnownSite {
  readonly siteKey: Buffer;
  readonly identity: Pick<Prepared['identity'], 'origin'>;
  /** The site's own; what the environment says wins over them. */
  readonly settings: SetSettings;
}

export interface Surroundings {
  readonly home: Home;
  readonly prepared: KnownSite;
  readonly ownerUrl: string;
  /** PostgreSQL is the one from npm. */
  readonly evaluation: boolean;
  /** The supervisor's own environment: its `HOLDFAST_*` variables and `BLOBS_URL` override. */
  readonly env: Environment;
  readonly ports: Ports;
  /** Where the sandbox store listens, when there is one: it is upstream then. */
  readonly sandboxUrl?: string | undefined;
}

const EVERY_SERVER = ['HOLDFAST_LOG_LEVEL', 'HOLDFAST_ZONE', 'HOLDFAST_ORIGIN'];

const REVIEW_DAYS = [
  'HOLDFAST_ACCESS_REVIEW_INTERVAL',
  'HOLDFAST_PERIODIC_REVIEW_INTERVAL',
  'HOLDFAST_TRAIL_REVIEW_INTERVAL',
];

/** What each server is told, and nothing else: a server cannot lose a key that it was not given. */
const SETTINGS: Readonly<Record<ServerName, readonly string[]>> = {
  control: [
    'HOLDFAST_CONTROL_HOST',
    'HOLDFAST_CONTROL_PORT',
    'HOLDFAST_CONTROL_REDIRECT_PORT',
    'HOLDFAST_CONTROL_URL',
    'HOLDFAST_CERTIFICATE_FILE',
    'HOLDFAST_SITE_KEY_FILE',
    'HOLDFAST_SETTINGS_FILE',
    'HOLDFAST_TICKET_SYSTEMS_FILE',
    'HOLDFAST_ATTACHMENT_MIB',
    'HOLDFAST_PASSWORD_DAYS',
    'HOLDFAST_SECOND_COMPONENT',
    'HOLDFAST_SESSION_IDLE_MINUTES',
    'HOLDFAST_SIGNING_PAUSE_MINUTES',
    'HOLDFAST_TRAINING',
    'HOLDFAST_IDENTITY_REFERENCE',
    'HOLDFAST_HOLD_REVIEW_DAYS',
    ...REVIEW_DAYS,
    ...SINGLE_SIGN_ON,
    'HOLDFAST_LEDGER_VKEY_FILE',
    'EVENTSTORE_URL',
    'HOLDFAST_EVALUATION_DATABASE',
    'HOLDFAST_CONTROL_HEALTH_HOST',
    'HOLDFAST_CONTROL_HEALTH_PORT',
  ],
  worker: [
    'HOLDFAST_LEDGER_VKEY_FILE',
    'HOLDFAST_LEDGER_DIR',
    'HOLDFAST_LEDGER_SECOND_DIR',
    'HOLDFAST_VERIFY_EVERY_HOURS',
    'HOLDFAST_HOLD_REVIEW_DAYS',
    ...REVIEW_DAYS,
    'HOLDFAST_SINKS_KEY_FILE',
    'EVENTSTORE_URL',
    ...WAY_OUT,
    'HOLDFAST_TRUST_ROOTS',
    'BLOBS_URL',
    'HOLDFAST_KEPT_DIR',
    'HOLDFAST_SPOOL_DIR',
    'HOLDFAST_SCRUB_EVERY_MINUTES',
    'HOLDFAST_SCRUB_SLICE_MIB',
    'HOLDFAST_SYNC_EVERY_MINUTES',
    'HOLDFAST_ARCHITECTURES',
    'HOLDFAST_WORKER_HEALTH_HOST',
    'HOLDFAST_WORKER_HEALTH_PORT',
  ],
  projector: [
    'EVENTSTORE_URL',
    'HOLDFAST_LEDGER_KEY_FILE',
    'HOLDFAST_POLICY_KEY_FILE',
    'HOLDFAST_LEDGER_DIR',
    'HOLDFAST_LEDGER_SECOND_DIR',
    'HOLDFAST_PROJECTOR_HEALTH_HOST',
    'HOLDFAST_PROJECTOR_HEALTH_PORT',
  ],
  proxy: [
    'HOLDFAST_PROXY_HOST',
    'HOLDFAST_PROXY_PORT',
    'HOLDFAST_PROXY_REDIRECT_PORT',
    'HOLDFAST_CERTIFICATE_FILE',
    'HOLDFAST_CERTIFICATE_AUTHORITY_FILE',
    'HOLDFAST_REGISTRATION_FILE',
    'HOLDFAST_POLICY_VKEY_FILE',
    'HOLDFAST_PROXY_KEY_FILE',
    'BLOBS_URL',
    'HOLDFAST_KEPT_DIR',
    'HOLDFAST_CACHE_DIR',
    'HOLDFAST_CACHE_SIZE',
    'HOLDFAST_PREFETCH',
    ...WAY_OUT,
    'HOLDFAST_DEVICE_SERVICES',
    'HOLDFAST_PROXY_URL',
    'HOLDFAST_SHADOW_OF',
    'HOLDFAST_RING',
    'HOLDFAST_NODE_DIR',
    'HOLDFAST_NODE_TOKEN_FILE',
    'HOLDFAST_RUN_FILE',
    'HOLDFAST_CONTROL_URL',
    'HOLDFAST_PROXY_HEALTH_HOST',
    'HOLDFAST_PROXY_HEALTH_PORT',
  ],
  'sandbox-store': [
    'HOLDFAST_SANDBOX_HOST',
    'HOLDFAST_SANDBOX_PORT',
    'HOLDFAST_SANDBOX_DIR',
    'HOLDFAST_SANDBOX_KEYS',
  ],
};

const ROLES: Readonly<Record<ServerName, DatabaseRole | undefined>> = {
  control: 'control',
  worker: 'worker',
  projector: 'projector',
  proxy: 'proxy',
  'sandbox-store': undefined,
};

/** What any program on the machine may need to run. */
const OF_THE_MACHINE = ['PATH', 'TMPDIR', 'LANG', 'LC_ALL', 'NODE_ENV'];
/** Whom Node trusts beside its own list, for the two that reach the world. */
const OF_THE_NETWORK = ['NODE_EXTRA_CA_CERTS'];

/** Who wants any of its ports to be a free one wants no fixed ones beside it. */
const ANY_HEALTH_PORT: Environment = {
  HOLDFAST_CONTROL_HEALTH_PORT: '0',
  HOLDFAST_WORKER_HEALTH_PORT: '0',
  HOLDFAST_PROJECTOR_HEALTH_PORT: '0',
  HOLDFAST_PROXY_HEALTH_PORT: '0',
};

/**
 * Of the proxy, in MiB: answers to devices are garbage at once, and with Node's own choice the space for new objects grows to 100 MB of them, of which
 * none is needed. Measured with 100 refreshes a second (benchmark `poll`): 169 MB at most instead of 259, and shorter pauses.
 */
export const PROXY_NODE_OPTIONS = '--max-semi-space-size=16';

/** The whole environment of a server: own database role, own settings. */
export function serverEnvironment(server: ServerName, surroundings: Surroundings): Record<string, string> {
  const { env, ownerUrl, prepared } = surroundings;
  const values: Environment = {
    ...defaults(surroundings),
    ...asEnvironment(prepared.settings, surroundings.home),
    ...saidAtStart(surroundings),
  };
  const reachesOut = server === 'worker' || server === 'proxy';
  const names = [...EVERY_SERVER, ...SETTINGS[server]];
  const bucket = reachesOut && values['BLOBS_URL'] !== undefined ? OF_THE_BUCKET : [];
  const machine = [...OF_THE_MACHINE, ...(reachesOut ? OF_THE_NETWORK : []), ...bucket];
  const role = ROLES[server];
  return {
    ...defined(machine.map((name) => [name, env[name]])),
    ...defined(names.map((name) => [name, values[name]])),
    ...(server === 'proxy' ? { NODE_OPTIONS: PROXY_NODE_OPTIONS } : {}),
    ...(role ? { DATABASE_URL: roleUrl(ownerUrl, role, prepared.siteKey) } : {}),
  };
}

/** What wins over the site's settings: the environment, and what the supervisor was told. */
export function saidAtStart(surroundings: Surroundings): Environment {
  return { ...own(surroundings.env), ...decided(surroundings) };
}

function defaults({ home, ports }: Surroundings): Environment {
  return {
    ...(Object.values(ports).includes(0) ? ANY_HEALTH_PORT : {}),
    HOLDFAST_SITE_KEY_FILE: home.secret('site.key'),
    HOLDFAST_SINKS_KEY_FILE: home.secret('sinks.key'),
    HOLDFAST_PROXY_KEY_FILE: home.secret('proxy.key'),
    HOLDFAST_LEDGER_VKEY_FILE: home.secret('ledger.vkey'),
    HOLDFAST_LEDGER_KEY_FILE: home.secret('ledger.key'),
    HOLDFAST_POLICY_KEY_FILE: home.secret('policy.key'),
    HOLDFAST_POLICY_VKEY_FILE: home.secret('policy.vkey'),
    HOLDFAST_CERTIFICATE_FILE: home.secret('certificate.pem'),
    HOLDFAST_CERTIFICATE_AUTHORITY_FILE: home.certificateAuthority(),
    HOLDFAST_REGISTRATION_FILE: home.secret('registration.assert'),
    HOLDFAST_KEPT_DIR: home.kept(),
    HOLDFAST_SPOOL_DIR: home.spool(),
    HOLDFAST_CACHE_DIR: home.cache(),
    HOLDFAST_NODE_DIR: home.node(),
    HOLDFAST_RUN_FILE: home.runFile(),
    HOLDFAST_SETTINGS_FILE: home.settingsFile(),
    HOLDFAST_TICKET_SYSTEMS_FILE: home.secret('ticket-systems'),
    HOLDFAST_LEDGER_DIR: home.ledger(),
    HOLDFAST_LEDGER_SECOND_DIR: home.ledgerSecond(),
    HOLDFAST_SANDBOX_DIR: home.sandbox(),
    HOLDFAST_SANDBOX_KEYS: path.join(home.sandbox(), 'keys'),
  };
}

/** What the supervisor knows better than any environment. */
function decided({ prepared, evaluation, env, ports, sandboxUrl, home }: Surroundings): Environment {
  const sandboxDir = env['HOLDFAST_SANDBOX_DIR'] ?? home.sandbox();
  return defined([
    ['HOLDFAST_ORIGIN', prepared.identity.origin],
    ['HOLDFAST_EVALUATION_DATABASE', String(evaluation)],
    ['HOLDFAST_CONTROL_PORT', ports.control?.toString()],
    ['HOLDFAST_PROXY_PORT', ports.proxy?.toString()],
    ['HOLDFAST_SANDBOX_PORT', ports.sandbox?.toString()],
    ['HOLDFAST_UPSTREAM_URL', sandboxUrl],
    ['HOLDFAST_TRUST_ROOTS', sandboxUrl && path.join(sandboxDir, 'trust-roots')],
  ]);
}

/** The well-known names of what is not a Holdfast. */
const SHARED_URLS = ['BLOBS_URL', 'EVENTSTORE_URL'];

function own(env: Environment): Environment {
  const isOurs = (name: string) => name.startsWith('HOLDFAST_') || SHARED_URLS.includes(name);
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => isOurs(name) && value !== ''));
}

function defined(pairs: readonly (readonly [string, string | undefined])[]): Record<string, string> {
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}
