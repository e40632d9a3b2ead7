import { SiteError } from '../errors.js';
import { isSecretKey, type SecretKey } from './secret-settings.js';
import type { SettingChange } from './settings.js';

/** What somebody gives for a secret, in clear; null gives it up. */
export interface GivenSecret {
  readonly key: SecretKey;
  readonly value: string | null;
}

/** Changes as they were given, with the secrets apart: these go to where they are sealed, and to no decider. */
export interface GivenChanges {
  readonly plain: readonly SettingChange[];
  readonly secrets: readonly GivenSecret[];
}

/** The incumbent's one key for a forward proxy and whom it knows us as. */
const FORWARD_PROXY = 'proxy.https.proxy';

/** @throws SiteError `wrong-setting`; it never shows a value */
export function secretsApart(changes: readonly SettingChange[]): GivenChanges {
  const plain: SettingChange[] = [];
  const secrets: GivenSecret[] = [];
  for (const change of changes) {
    const { key, value } = change;
    if (isSecretKey(key)) secrets.push({ key, value });
    else if (key === FORWARD_PROXY && value === null) {
      plain.push(change);
      secrets.push({ key: 'forward-proxy-credentials', value });
    } else if (key === FORWARD_PROXY && value !== null) {
      const { address, credentials } = withoutCredentials(value.trim());
      plain.push({ key, value: address });
      if (credentials !== undefined) secrets.push({ key: 'forward-proxy-credentials', value: credentials });
    } else plain.push(change);
  }
  return { plain, secrets };
}

/** A URL's user and password (RFC 3986, 3.2.1), decoded, and the URL without them. */
function withoutCredentials(url: string): { readonly address: string; readonly credentials?: string } {
  const { username = '', password = '' } = URL.parse(url) ?? {};
  if (username === '' && password === '') return { address: url };
  const address = url.replace(/\/\/[^/?#]*@/, '//');
  try {
    const [user, secret] = [decodeURIComponent(username), decodeURIComponent(password)];
    // What HTTP's Basic sends could not be told apart (RFC 7617, section 2).
    if (!user.includes(':')) return { address, credentials: `${user}:${secret}` };
  } catch {
    // As for a user that no proxy could be told.
  }
  throw new SiteError(
    'wrong-setting',
    `nothing was changed: ${FORWARD_PROXY} has a user or a password that is not percent-encoded rightly: write %25 for a percent sign, and no colon in the user`,
  );
}
