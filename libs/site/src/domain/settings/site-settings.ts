import { SiteError } from '../errors.js';
import { whyLeftBehind } from './incumbent-keys.js';

/** A server that reads settings. */
export type SettingReader = 'control' | 'worker' | 'projector' | 'proxy';

/** A setting that the site has, and not the machine: no folder, no key, no way to the database. */
export interface SiteSetting {
  /** As people name it: its variable, in small letters. */
  readonly key: string;
  /** What the servers read. */
  readonly variable: string;
  /** Who has to start again for a change. */
  readonly readBy: readonly SettingReader[];
  /** What the servers take where nobody set it; null: nothing. */
  readonly fallback: string | null;
}

const EVERY_SERVER = ['control', 'worker', 'projector', 'proxy'] as const;
const OUTWARD = ['worker', 'proxy'] as const;

/** All of them, by key. Where control listens is not among them: a wrong value there would lock out whoever could mend it. */
export const SITE_SETTINGS: readonly SiteSetting[] = [
  setting('HOLDFAST_ARCHITECTURES', ['worker'], 'amd64,arm64'),
  setting('HOLDFAST_CACHE_SIZE', ['proxy'], '8G'),
  setting('HOLDFAST_CONTROL_URL', ['control', 'proxy'], null),
  setting('HOLDFAST_DEVICE_SERVICES', ['proxy'], 'https://serial-vault-partners.canonical.com'),
  setting('HOLDFAST_FORWARD_PROXY', OUTWARD, null),
  setting('HOLDFAST_LOG_LEVEL', EVERY_SERVER, 'info'),
  setting('HOLDFAST_NO_PROXY', OUTWARD, null),
  setting('HOLDFAST_PREFETCH', ['proxy'], 'true'),
  setting('HOLDFAST_PROXY_HOST', ['proxy'], '127.0.0.1'),
  setting('HOLDFAST_PROXY_PORT', ['proxy'], '8081'),
  setting('HOLDFAST_PROXY_REDIRECT_PORT', ['proxy'], null),
  setting('HOLDFAST_PROXY_URL', ['proxy'], null),
  setting('HOLDFAST_SCRUB_EVERY_MINUTES', ['worker'], '60'),
  setting('HOLDFAST_SCRUB_SLICE_MIB', ['worker'], '1024'),
  setting('HOLDFAST_SYNC_EVERY_MINUTES', ['worker'], '360'),
  setting('HOLDFAST_UPSTREAM_ORIGINS', OUTWARD, null),
  setting('HOLDFAST_UPSTREAM_URL', OUTWARD, 'https://api.snapcraft.io/'),
  setting('HOLDFAST_ZONE', ['control', 'worker'], 'Etc/UTC'),
];

const BY_KEY = new Map(SITE_SETTINGS.map((each) => [each.key, each]));

function setting(variable: string, readBy: readonly SettingReader[], fallback: string | null): SiteSetting {
  const key = variable.replace('HOLDFAST_', '').toLowerCase().replaceAll('_', '-');
  return { key, variable, readBy, fallback };
}

/** @throws SiteError `no-such-setting` */
export function siteSetting(key: string): SiteSetting {
  const found = BY_KEY.get(key);
  if (found) return found;
  const why =
    whyLeftBehind(key) ??
    '"holdfast config" lists those that are; where files, keys and the database are is said to the servers in their environment';
  throw new SiteError('no-such-setting', `${key} is no setting of a site: ${why}`);
}
