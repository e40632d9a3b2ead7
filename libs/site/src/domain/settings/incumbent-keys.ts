import { SiteError } from '../errors.js';
import type { SettingChange, SettingValues } from './settings.js';

/** A key of the Snap Store Proxy's configuration that means something here. */
interface IncumbentKey {
  readonly key: string;
  /** The setting of the site that it stands for, or is a part of. */
  readonly setting: string;
  /** @param set what is set of it, null for nothing @throws SiteError `wrong-setting` for what says more than the setting can */
  readonly toOurs: (value: string, set: string | null) => string;
  readonly fromOurs: (value: string) => string;
  /** It says a part of it alone: it may be given beside the whole. */
  readonly part?: true;
}

const same = (value: string): string => value;

/** All of them. */
export const INCUMBENT_KEYS: readonly IncumbentKey[] = [
  { key: 'proxy.cache.size', setting: 'cache-size', toOurs: same, fromOurs: same },
  { key: 'proxy.upstream', setting: 'upstream-url', toOurs: same, fromOurs: same },
  { key: 'proxy.ipaddress', setting: 'proxy-host', toOurs: hostOf, fromOurs: same },
  { key: 'proxy.https.proxy', setting: 'forward-proxy', toOurs: same, fromOurs: same },
  {
    key: 'proxy.device-auth.allowed-device-service-urls',
    setting: 'device-services',
    toOurs: urlsOf,
    fromOurs: (value) => JSON.stringify(value.split(',').map((url) => url.trim())),
  },
  { key: 'internal.store.url', setting: 'proxy-url', toOurs: same, fromOurs: same },
  {
    key: 'proxy.domain',
    setting: 'proxy-url',
    toOurs: atDomain,
    fromOurs: (value) => new URL(value).hostname,
    part: true,
  },
];

const BY_KEY = new Map(INCUMBENT_KEYS.map((each) => [each.key, each]));

/** A reason why keys are not taken, for those that begin so. */
export interface LeftBehind {
  readonly prefix: string;
  readonly why: string;
}

/** The first that fits counts. */
export const LEFT_BEHIND: readonly LeftBehind[] = [
  because('proxy.db.', 'Holdfast has a database of its own: give it one with DATABASE_URL'),
  because('proxy.admin-emails', 'people are enrolled by name, with roles: holdfast people add'),
  because(
    'proxy.key.',
    'it is for what the Snap Store Proxy says to Canonical; keep it with the old machine, should you go back',
  ),
  because('proxy.auth.', 'sessions of the Snap Store Proxy’s own; devices get new ones'),
  because('proxy.device-auth.secret', 'sessions of the Snap Store Proxy’s own; devices get new ones'),
  because('proxy.airgap', 'a site without upstream serves what it holds: there is no mode to switch to'),
  because(
    'proxy.storage.',
    'kept blobs are in a folder, or where BLOBS_URL says, in a layout of our own; they are captured again',
  ),
  because('proxy.trust-forwarded-proto', 'what is in front of the proxy is named by HOLDFAST_PROXY_URL'),
  because(
    'proxy.tls.',
    'give certificate and key to holdfast import-certificate, which takes them away again with --remove',
  ),
  because(
    'proxy.port.http',
    'devices have one port, proxy-port: HTTPS where there is a certificate, with plain HTTP beside it on proxy-redirect-port',
  ),
  because('proxy.port.', 'a port of an inner service, of which there is none here'),
  because('proxy.oci-registry.', 'not served: OCI images of charms'),
  because('proxy.hsm.', 'not served: the Model Service'),
  because('internal.', 'the Snap Store Proxy’s own, and of no meaning here'),
  because('proxy.', 'the Snap Store Proxy’s own, and of no meaning here'),
];

function because(prefix: string, why: string): LeftBehind {
  return { prefix, why };
}

/** Undefined for a key that is not the incumbent's at all. */
export function whyLeftBehind(key: string): string | undefined {
  return LEFT_BEHIND.find(({ prefix }) => key.startsWith(prefix))?.why;
}

/** Whether a key may come after another one that set the same. */
export function isPart(key: string): boolean {
  return BY_KEY.get(key)?.part ?? false;
}

/** The key of the setting that a key stands for: itself, when it is none of the incumbent's. */
export function settingOf(key: string): string {
  return BY_KEY.get(key)?.setting ?? key;
}

/** A change in our own words. @param state before it @throws SiteError `wrong-setting` */
export function inOurWords({ key, value }: SettingChange, state: SettingValues): SettingChange {
  const incumbent = BY_KEY.get(key);
  if (!incumbent) return { key, value };
  const { setting, toOurs } = incumbent;
  return { key: setting, value: value === null ? null : toOurs(value.trim(), state.get(setting) ?? null) };
}

/** `[::]` → `::` */
export function hostOf(address: string): string {
  return address.replace(/^\[(.*)\]$/, '$1');
}

function urlsOf(value: string): string {
  if (!value.startsWith('[')) return value;
  try {
    const list: unknown = JSON.parse(value);
    if (Array.isArray(list) && list.every((url) => typeof url === 'string')) return list.join(',');
  } catch {
    // As for any other list that is none.
  }
  throw new SiteError(
    'wrong-setting',
    'nothing was changed: proxy.device-auth.allowed-device-service-urls is no list of URLs: write ["https://serials.example"]',
  );
}

/** The scheme and the port of an address stay: only the whole address says them. */
function atDomain(domain: string, set: string | null): string {
  if (set === null || !URL.canParse(set))
    throw new SiteError(
      'wrong-setting',
      'nothing was changed: proxy.domain is a part of the address that devices use, which is not set: give it whole, as in proxy-url=https://snaps.example',
    );
  if (!/^([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:]{2,45}\])$/.test(domain))
    throw new SiteError('wrong-setting', `nothing was changed: ${JSON.stringify(domain)} is no domain`);
  const url = new URL(set);
  url.hostname = domain;
  return url.href.replace(/\/$/, '');
}
