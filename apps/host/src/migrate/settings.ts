import { isProxyCredentials } from '#platform/settings-of-the-way-out';
import { SiteError } from '#site/domain/errors';
import { hostOf, whyLeftBehind } from '#site/domain/settings/incumbent-keys';
import { listOf, textOf, type IncumbentConfig } from './incumbent-config.js';

/** What the incumbent's configuration means here. */
export interface MovedSettings {
  /** `HOLDFAST_*`, for the servers' environment. */
  readonly settings: Readonly<Record<string, string>>;
  /** Certificate, chain and key in PEM. */
  readonly certificate: string | undefined;
  readonly forwardProxy: MovedForwardProxy | undefined;
  /** What a person must know or do, a sentence each. */
  readonly notes: readonly string[];
}

export interface MovedForwardProxy {
  /** `http(s)://host:port`, of characters that mean nothing to a shell. */
  readonly address: string;
  /** `user:password`. */
  readonly credentials: string | undefined;
}

const UPSTREAM = 'https://api.snapcraft.io';

/** Keys whose values this reads, or that the registration has in their place. */
const READ = new Set([
  'proxy.domain',
  'proxy.ipaddress',
  'proxy.port.http',
  'proxy.port.https',
  'proxy.upstream',
  'proxy.https.proxy',
  'proxy.cache.size',
  'proxy.device-auth.allowed-device-service-urls',
  'proxy.tls.cert',
  'proxy.tls.key',
  'internal.store.url',
  'internal.store.id',
]);

/**
 * @param registered the address that the store assertion sends devices to, where it is at hand: it decides, since devices have it
 * @throws SiteError `not-an-export` for a domain and a port that make no address
 */
export function moveSettings(config: IncumbentConfig, registered: string | undefined): MovedSettings {
  const notes: string[] = [];
  const certificate = certificateOf(config, notes);
  const forward = forwardProxyOf(config, notes);
  const port = (key: string): string | undefined => textOf(config, key);
  const upstream = textOf(config, 'proxy.upstream');
  const services = listOf(config, 'proxy.device-auth.allowed-device-service-urls');
  const [http, https] = [port('proxy.port.http') ?? '80', port('proxy.port.https') ?? '443'];
  const host = hostOf(textOf(config, 'proxy.ipaddress') ?? '[::]');
  if (isOneAddress(host))
    notes.push(
      `HOLDFAST_PROXY_HOST is ${host}, where the Snap Store Proxy listens: on another host, put an address of that one in its place, or ::`,
    );
  const settings = defined({
    HOLDFAST_PROXY_URL: registered ?? addressOf(config, certificate !== undefined, { http, https }, notes),
    HOLDFAST_PROXY_HOST: host,
    HOLDFAST_PROXY_PORT: certificate === undefined ? http : https,
    HOLDFAST_PROXY_REDIRECT_PORT: certificate === undefined ? undefined : http,
    HOLDFAST_UPSTREAM_URL: upstream?.replace(/\/+$/, '') === UPSTREAM ? undefined : upstream,
    HOLDFAST_FORWARD_PROXY: forward?.address,
    HOLDFAST_CACHE_SIZE: textOf(config, 'proxy.cache.size'),
    HOLDFAST_DEVICE_SERVICES: services.length === 0 ? undefined : services.join(','),
  });
  return {
    settings,
    certificate,
    forwardProxy: forward,
    notes: [...notes, ...leftBehind(config)],
  };
}

/** Which another machine does not have: not all addresses, and not the loopback. */
function isOneAddress(host: string): boolean {
  return !['::', '0.0.0.0', '::1', 'localhost'].includes(host) && !host.startsWith('127.');
}

function addressOf(
  config: IncumbentConfig,
  tls: boolean,
  { http, https }: { readonly http: string; readonly https: string },
  notes: string[],
): string | undefined {
  const stored = textOf(config, 'internal.store.url');
  if (stored !== undefined) return stored;
  const domain = textOf(config, 'proxy.domain');
  if (domain === undefined || domain === 'localhost') {
    notes.push('proxy.domain is not set: set HOLDFAST_PROXY_URL to the address that devices use');
    return undefined;
  }
  const url = URL.parse(tls ? `https://${domain}:${https}` : `http://${domain}:${http}`);
  if (!url)
    throw new SiteError(
      'not-an-export',
      'proxy.domain with its port makes no address that devices could use',
    );
  return url.origin;
}

function certificateOf(config: IncumbentConfig, notes: string[]): string | undefined {
  const [certificate, key] = [textOf(config, 'proxy.tls.cert'), textOf(config, 'proxy.tls.key')];
  if (certificate !== undefined && key !== undefined) return `${certificate}\n${key}\n`;
  if (certificate !== undefined)
    notes.push('there is a certificate without its key: give both to holdfast import-certificate');
  return undefined;
}

const FORWARD_PROXY_ADDRESS = /^https?:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:]+\])(?::[0-9]+)?$/;

function forwardProxyOf(config: IncumbentConfig, notes: string[]): MovedForwardProxy | undefined {
  const text = textOf(config, 'proxy.https.proxy');
  if (text === undefined) return undefined;
  const { origin = '', username = '', password = '' } = URL.parse(text) ?? {};
  if (!FORWARD_PROXY_ADDRESS.test(origin)) {
    notes.push('proxy.https.proxy is no http(s) URL: set HOLDFAST_FORWARD_PROXY by hand');
    return undefined;
  }
  if (username === '' && password === '') return { address: origin, credentials: undefined };
  const user = decoded(username);
  const credentials = `${user}:${decoded(password)}`;
  if (!user.includes(':') && isProxyCredentials(credentials)) return { address: origin, credentials };
  notes.push(
    'proxy.https.proxy has a user or a password that no proxy can be told, with a colon in the user or a line break: neither is taken; set them with holdfast config forward-proxy-credentials=-, as docs/how-to/change-a-setting.md has it',
  );
  return { address: origin, credentials: undefined };
}

/** A password may have a percent sign that begins no code. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function leftBehind(config: IncumbentConfig): string[] {
  return [...config.keys()]
    .filter((key) => !READ.has(key) && (textOf(config, key) !== undefined || listOf(config, key).length > 0))
    .map((key) => {
      return `${key} is left behind: ${whyLeftBehind(key) ?? 'it means nothing here'}`;
    });
}

function defined(settings: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
