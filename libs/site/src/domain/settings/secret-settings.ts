import { SiteError } from '../errors.js';
import { settingOf } from './incumbent-keys.js';
import { siteSetting, type PlainKey, type SettingReader } from './site-settings.js';

/** The settings whose values stand sealed beside the history, and never in it. */
export type SecretKey = 'forward-proxy-credentials' | 'sso-client-secret';

/**
 * What the history has in place of a secret: HMAC-SHA-256, in hex, under a key that only the site has. Two that differ are of two values; nobody who
 * reads the history can try guesses against one.
 */
export interface KeyedDigest {
  readonly hmacSha256: string;
}

export interface SecretSetting {
  readonly key: SecretKey;
  /** Names the file that the servers read it from. */
  readonly variable: string;
  /** Who has to start again for a change. */
  readonly readBy: readonly SettingReader[];
  /** Without this one, it would be shown to nobody, and the servers would not start. */
  readonly goesWith: PlainKey;
}

/** All of them. */
export const SECRET_SETTINGS: readonly SecretSetting[] = [
  {
    key: 'forward-proxy-credentials',
    variable: 'HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE',
    readBy: ['control', 'worker', 'proxy'],
    goesWith: 'forward-proxy',
  },
  {
    key: 'sso-client-secret',
    variable: 'HOLDFAST_SSO_CLIENT_SECRET_FILE',
    readBy: ['control'],
    goesWith: 'sso-client-id',
  },
];

export function isSecretKey(key: string): key is SecretKey {
  return SECRET_SETTINGS.some((each) => each.key === key);
}

/** @param key ours or the incumbent's @throws SiteError `not-a-secret`, `no-such-setting` */
export function secretKey(key: string): SecretKey {
  if (isSecretKey(key)) return key;
  const { key: plain } = siteSetting(settingOf(key));
  const beside = SECRET_SETTINGS.find(({ goesWith }) => goesWith === plain);
  const reveal = beside ? `; the secret that goes with it is ${beside.key}: reveal that one` : '';
  throw new SiteError('not-a-secret', `${key} is no secret: "holdfast config ${key}" shows it${reveal}`);
}

export function sameDigest(one: KeyedDigest | null, other: KeyedDigest | null): boolean {
  return one?.hmacSha256 === other?.hmacSha256;
}
