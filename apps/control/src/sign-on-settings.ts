import { SIGN_ON_PATH, type SignOnSettings } from '#identity/single-sign-on/settings';
import { readAuthorities } from '#platform/authorities';
import { ConfigError } from '#platform/config';
import { readForwardProxy } from '#platform/forward-proxy';
import { readSettingFile } from '#platform/setting-file';
import { isClientSecret } from '#platform/settings-of-single-sign-on';
import type { ControlConfig } from './config.js';

type Given = Pick<
  ControlConfig,
  | 'ssoIssuer'
  | 'ssoClientId'
  | 'ssoClientSecretFile'
  | 'ssoScopes'
  | 'ssoClaim'
  | 'ssoOrigins'
  | 'ssoCaFile'
  | 'forwardProxy'
  | 'forwardProxyCredentialsFile'
  | 'noProxy'
  | 'publicUrl'
  | 'port'
>;

/**
 * How people sign in at the identity provider; undefined where the site has none.
 * @throws ConfigError for an issuer without a client, and for a file that cannot be read or holds something else; it never shows what a file holds
 */
export async function readSignOnSettings(given: Given): Promise<SignOnSettings | undefined> {
  const { ssoIssuer: issuer, ssoClientId: clientId, ssoClientSecretFile: secretFile, ssoCaFile } = given;
  if (issuer === undefined) return undefined;
  if (clientId === undefined) {
    throw new ConfigError([
      `HOLDFAST_SSO_ISSUER is ${JSON.stringify(issuer)}, and HOLDFAST_SSO_CLIENT_ID is not set: name the client that the identity provider knows this site as.`,
    ]);
  }
  const proxy = await readForwardProxy(given);
  const secret = secretFile === undefined ? undefined : await readClientSecret(secretFile);
  return {
    issuer,
    clientId,
    ...(secret === undefined ? {} : { clientSecret: secret }),
    ...(proxy ? { proxy } : {}),
    scopes: given.ssoScopes,
    claim: given.ssoClaim,
    origins: given.ssoOrigins
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
    ...(ssoCaFile === undefined
      ? {}
      : { authorities: await readAuthorities('HOLDFAST_SSO_CA_FILE', ssoCaFile) }),
    redirectUri: new URL(SIGN_ON_PATH, given.publicUrl ?? `http://localhost:${given.port}`).href,
  };
}

async function readClientSecret(file: string): Promise<string> {
  const variable = 'HOLDFAST_SSO_CLIENT_SECRET_FILE';
  const secret = (await readSettingFile(variable, file)).replace(/\r?\n$/, '');
  if (isClientSecret(secret)) return secret;
  throw new ConfigError([
    `${variable} is ${JSON.stringify(file)}: it must hold one line of 8 to 1000 characters of ASCII.`,
  ]);
}
