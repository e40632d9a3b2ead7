import { SiteError } from '../errors.js';
import { whyLeftBehind } from './incumbent-keys.js';

/** A server that reads settings. */
export type SettingReader = 'control' | 'worker' | 'projector' | 'proxy';

/** The settings whose values anybody may see who is signed in, and stand in the history. */
export type PlainKey =
  | 'access-review-interval'
  | 'architectures'
  | 'cache-size'
  | 'control-url'
  | 'device-services'
  | 'forward-proxy'
  | 'hold-review-days'
  | 'log-level'
  | 'no-proxy'
  | 'password-days'
  | 'periodic-review-interval'
  | 'prefetch'
  | 'proxy-host'
  | 'proxy-port'
  | 'proxy-redirect-port'
  | 'proxy-url'
  | 'scrub-every-minutes'
  | 'scrub-slice-mib'
  | 'second-component'
  | 'session-idle-minutes'
  | 'signing-pause-minutes'
  | 'sso-claim'
  | 'sso-client-id'
  | 'sso-issuer'
  | 'sso-origins'
  | 'sso-scopes'
  | 'sync-every-minutes'
  | 'trail-review-interval'
  | 'training'
  | 'identity-reference'
  | 'upstream-origins'
  | 'upstream-url'
  | 'verify-every-hours'
  | 'zone';

/** A setting that the site has, and not the machine: no folder, no key, no way to the database. */
export interface SiteSetting {
  /** As people name it: its variable, in small letters. */
  readonly key: PlainKey;
  /** What the servers read. */
  readonly variable: string;
  /** Who has to start again for a change. */
  readonly readBy: readonly SettingReader[];
  /** What the servers take where nobody set it; null: nothing. */
  readonly fallback: string | null;
}

const EVERY_SERVER = ['control', 'worker', 'projector', 'proxy'] as const;
/** Control says when the next review is due, the worker that it is. */
const REVIEWED = ['control', 'worker'] as const;
const OUTWARD = ['worker', 'proxy'] as const;
/** Control for the identity provider alone. */
const PROXIED = ['control', 'worker', 'proxy'] as const;

/** All that are no secret, by key. Where control listens is not among them: a wrong value there would lock out whoever could mend it. */
export const SITE_SETTINGS: readonly SiteSetting[] = [
  setting('access-review-interval', REVIEWED, '90'),
  setting('architectures', ['worker'], 'amd64,arm64'),
  setting('cache-size', ['proxy'], '8G'),
  setting('control-url', ['control', 'proxy'], null),
  setting('device-services', ['proxy'], 'https://serial-vault-partners.canonical.com'),
  setting('forward-proxy', PROXIED, null),
  setting('hold-review-days', REVIEWED, '30'),
  setting('log-level', EVERY_SERVER, 'info'),
  setting('no-proxy', PROXIED, null),
  setting('password-days', ['control'], '0'),
  setting('periodic-review-interval', REVIEWED, '365'),
  setting('prefetch', ['proxy'], 'true'),
  setting('proxy-host', ['proxy'], '127.0.0.1'),
  setting('proxy-port', ['proxy'], '8081'),
  setting('proxy-redirect-port', ['proxy'], null),
  setting('proxy-url', ['proxy'], null),
  setting('scrub-every-minutes', ['worker'], '60'),
  setting('scrub-slice-mib', ['worker'], '1024'),
  setting('second-component', ['control'], 'optional'),
  setting('session-idle-minutes', ['control'], '30'),
  setting('signing-pause-minutes', ['control'], '15'),
  setting('sso-claim', ['control'], 'sub'),
  setting('sso-client-id', ['control'], null),
  setting('sso-issuer', ['control'], null),
  setting('sso-origins', ['control'], null),
  setting('sso-scopes', ['control'], 'openid'),
  setting('sync-every-minutes', ['worker'], '360'),
  setting('trail-review-interval', REVIEWED, '30'),
  setting('training', ['control'], 'optional'),
  setting('identity-reference', ['control'], 'optional'),
  setting('upstream-origins', OUTWARD, null),
  setting('upstream-url', OUTWARD, 'https://api.snapcraft.io/'),
  setting('verify-every-hours', ['worker'], '24'),
  setting('zone', ['control', 'worker'], 'Etc/UTC'),
];

const BY_KEY = new Map<string, SiteSetting>(SITE_SETTINGS.map((each) => [each.key, each]));

function setting(key: PlainKey, readBy: readonly SettingReader[], fallback: string | null): SiteSetting {
  return { key, variable: `HOLDFAST_${key.toUpperCase().replaceAll('-', '_')}`, readBy, fallback };
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
