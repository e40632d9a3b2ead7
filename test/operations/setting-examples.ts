export interface SettingExample {
  /** Not the default, and not what {@link ENOUGH} has. */
  readonly right: string;
  /** Empty: not set, where it must be. Undefined: every text may be right, and what it names is looked at when it is opened. */
  readonly wrong: string | undefined;
}

const host: SettingExample = { right: '0.0.0.0', wrong: 'two words' };
const port: SettingExample = { right: '4711', wrong: '70000' };
const required = (right: string): SettingExample => ({ right, wrong: '' });

/** Of every setting that docs/reference/settings.md has. */
export const EXAMPLES: Readonly<Record<string, SettingExample>> = {
  HOLDFAST_HOME: { right: '/srv/holdfast', wrong: undefined },
  DATABASE_URL: { right: 'postgresql://other@db.example/holdfast', wrong: 'mysql://db.example/holdfast' },
  HOLDFAST_ORIGIN: { right: 'other.example/log', wrong: 'two words' },
  HOLDFAST_ZONE: { right: 'Europe/Zurich', wrong: 'Mars/Olympus' },
  HOLDFAST_LOG_LEVEL: { right: 'debug', wrong: 'loud' },
  HOLDFAST_CONTROL_HOST: host,
  HOLDFAST_CONTROL_PORT: port,
  HOLDFAST_CONTROL_REDIRECT_PORT: port,
  HOLDFAST_CONTROL_URL: { right: 'https://control.site.example', wrong: 'control' },
  HOLDFAST_CERTIFICATE_FILE: { right: '/keys/certificate.pem', wrong: undefined },
  HOLDFAST_CERTIFICATE_AUTHORITY_FILE: { right: '/keys/authority.crt', wrong: undefined },
  HOLDFAST_REGISTRATION_FILE: { right: '/keys/registration.assert', wrong: undefined },
  HOLDFAST_SITE_KEY_FILE: required('/keys/other'),
  HOLDFAST_SINKS_KEY_FILE: { right: '/keys/sinks', wrong: undefined },
  HOLDFAST_EVALUATION_DATABASE: { right: 'true', wrong: 'perhaps' },
  HOLDFAST_UPSTREAM_URL: { right: 'https://store.example/', wrong: 'ftp://store.example/' },
  HOLDFAST_UPSTREAM_ORIGINS: { right: 'https://a.example,https://b.example', wrong: 'ftp://a.example' },
  HOLDFAST_UPSTREAM_CA_FILE: { right: '/etc/ssl/site-ca.pem', wrong: undefined },
  HOLDFAST_FORWARD_PROXY: {
    right: 'http://proxy.site.example:3128',
    wrong: 'http://me:secret@proxy.example',
  },
  HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE: { right: '/keys/forward-proxy', wrong: undefined },
  HOLDFAST_NO_PROXY: { right: 'mirror.site.example,10.0.0.0/8', wrong: '10.0.0.0/33' },
  HOLDFAST_DEVICE_SERVICES: { right: 'https://serials.example/v1', wrong: 'serials.example' },
  HOLDFAST_TRUST_ROOTS: { right: '/srv/roots', wrong: undefined },
  HOLDFAST_ARCHITECTURES: { right: 'riscv64', wrong: 'amd64,x86' },
  HOLDFAST_KEPT_DIR: required('/srv/kept'),
  BLOBS_URL: { right: 's3://bucket/kept?endpoint=https://s3.example&region=eu', wrong: 'ftp://bucket' },
  HOLDFAST_SPOOL_DIR: { right: '/srv/spool', wrong: undefined },
  HOLDFAST_SCRUB_EVERY_MINUTES: { right: '5', wrong: 'often' },
  HOLDFAST_SCRUB_SLICE_MIB: { right: '64', wrong: '0' },
  HOLDFAST_SYNC_EVERY_MINUTES: { right: '30', wrong: '5' },
  HOLDFAST_HOLD_REVIEW_DAYS: { right: '60', wrong: '0' },
  HOLDFAST_VERIFY_EVERY_HOURS: { right: '6', wrong: '0' },
  HOLDFAST_PASSWORD_DAYS: { right: '90', wrong: 'never' },
  HOLDFAST_SECOND_COMPONENT: { right: 'required', wrong: 'perhaps' },
  HOLDFAST_IDENTITY_REFERENCE: { right: 'required', wrong: 'perhaps' },
  HOLDFAST_TRAINING: { right: 'required', wrong: 'perhaps' },
  HOLDFAST_SIGNING_PAUSE_MINUTES: { right: '0', wrong: '481' },
  HOLDFAST_SSO_ISSUER: { right: 'https://login.site.example/realm', wrong: 'http://login.site.example' },
  HOLDFAST_SSO_CLIENT_ID: { right: 'holdfast', wrong: 'höldfast' },
  HOLDFAST_SSO_CLIENT_SECRET_FILE: { right: '/keys/sso', wrong: undefined },
  HOLDFAST_SSO_SCOPES: { right: 'openid profile', wrong: 'profile' },
  HOLDFAST_SSO_CLAIM: { right: 'oid', wrong: 'email' },
  HOLDFAST_SSO_ORIGINS: { right: 'https://tokens.example', wrong: 'http://tokens.example' },
  HOLDFAST_SSO_CA_FILE: { right: '/etc/ssl/sso-ca.pem', wrong: undefined },
  EVENTSTORE_URL: { right: 'esdb://admin:changeit@127.0.0.1:2113', wrong: 'http://127.0.0.1:2113' },
  HOLDFAST_LEDGER_VKEY_FILE: required('/keys/other'),
  HOLDFAST_LEDGER_KEY_FILE: required('/keys/other'),
  HOLDFAST_POLICY_KEY_FILE: required('/keys/other'),
  HOLDFAST_LEDGER_DIR: required('/srv/ledger'),
  HOLDFAST_LEDGER_SECOND_DIR: required('/mnt/ledger'),
  HOLDFAST_PROXY_HOST: host,
  HOLDFAST_PROXY_PORT: port,
  HOLDFAST_PROXY_REDIRECT_PORT: port,
  HOLDFAST_PROXY_URL: { right: 'https://store.site.example', wrong: 'store' },
  HOLDFAST_SHADOW_OF: { right: 'http://10.20.0.7', wrong: 'http://10.20.0.7/store' },
  HOLDFAST_RING: { right: 'pilot', wrong: 'The Ring' },
  HOLDFAST_POLICY_VKEY_FILE: required('/keys/other'),
  HOLDFAST_PROXY_KEY_FILE: required('/keys/other'),
  HOLDFAST_NODE_DIR: { right: '/srv/node', wrong: undefined },
  HOLDFAST_NODE_TOKEN_FILE: { right: '/keys/token', wrong: undefined },
  HOLDFAST_RUN_FILE: { right: '/srv/run.json', wrong: undefined },
  HOLDFAST_ATTACHMENT_MIB: { right: '5', wrong: 'much' },
  HOLDFAST_TICKET_SYSTEMS_FILE: { right: '/keys/ticket-systems', wrong: undefined },
  HOLDFAST_SETTINGS_FILE: { right: '/srv/settings.json', wrong: undefined },
  HOLDFAST_CACHE_DIR: required('/srv/cache'),
  HOLDFAST_PREFETCH: { right: 'false', wrong: 'sometimes' },
  HOLDFAST_CACHE_SIZE: { right: '2048', wrong: '8 GB of RAM' },
  HOLDFAST_SANDBOX_HOST: host,
  HOLDFAST_SANDBOX_PORT: port,
  HOLDFAST_SANDBOX_DIR: required('/srv/sandbox'),
  HOLDFAST_SANDBOX_KEYS: required('/srv/keys'),
  HOLDFAST_CONTROL_HEALTH_HOST: host,
  HOLDFAST_CONTROL_HEALTH_PORT: port,
  HOLDFAST_WORKER_HEALTH_HOST: host,
  HOLDFAST_WORKER_HEALTH_PORT: port,
  HOLDFAST_PROJECTOR_HEALTH_HOST: host,
  HOLDFAST_PROJECTOR_HEALTH_PORT: port,
  HOLDFAST_PROXY_HEALTH_HOST: host,
  HOLDFAST_PROXY_HEALTH_PORT: port,
};

const database = { DATABASE_URL: 'postgres://role@127.0.0.1/holdfast' };

/** What each cannot start without. */
export const ENOUGH: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  host: {},
  control: {
    ...database,
    HOLDFAST_ORIGIN: 'site.example',
    HOLDFAST_SITE_KEY_FILE: '/keys/site',
    HOLDFAST_LEDGER_VKEY_FILE: '/keys/ledger.vkey',
  },
  worker: {
    ...database,
    HOLDFAST_LEDGER_VKEY_FILE: '/keys/ledger.vkey',
    HOLDFAST_LEDGER_DIR: '/ledger',
    HOLDFAST_LEDGER_SECOND_DIR: '/ledger-second',
    HOLDFAST_KEPT_DIR: '/kept',
    HOLDFAST_SPOOL_DIR: '/spool',
  },
  projector: {
    ...database,
    HOLDFAST_ORIGIN: 'site.example',
    HOLDFAST_LEDGER_KEY_FILE: '/keys/ledger',
    HOLDFAST_POLICY_KEY_FILE: '/keys/policy',
    HOLDFAST_LEDGER_DIR: '/ledger',
    HOLDFAST_LEDGER_SECOND_DIR: '/ledger-second',
  },
  proxy: {
    ...database,
    HOLDFAST_POLICY_VKEY_FILE: '/keys/policy.vkey',
    HOLDFAST_PROXY_KEY_FILE: '/keys/proxy',
    HOLDFAST_KEPT_DIR: '/kept',
    HOLDFAST_CACHE_DIR: '/cache',
  },
  'sandbox store': { HOLDFAST_SANDBOX_DIR: '/sandbox', HOLDFAST_SANDBOX_KEYS: '/keys' },
};

/** What control reads of single sign-on, where a site has it. */
export const SINGLE_SIGN_ON = {
  ssoIssuer: 'https://login.site.example',
  ssoClientId: 'holdfast',
  ssoClientSecretFile: undefined,
  ssoScopes: 'openid',
  ssoClaim: 'sub',
  ssoOrigins: '',
  ssoCaFile: undefined,
  forwardProxy: undefined,
  forwardProxyCredentialsFile: undefined,
  noProxy: '',
  publicUrl: undefined,
  port: 8080,
};
