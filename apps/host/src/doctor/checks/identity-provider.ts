import { sentenceOf } from '#kernel';
import { loadConfig } from '#platform/config';
import { readWayOut } from '#upstream/published';
import { SiteConnectionsConfig } from '../../check-connections/config.js';
import { identityProvider } from '../../check-connections/identity-provider.js';
import type { Environment } from '../../server-environment.js';
import { fail, ok, type Finding } from '../finding.js';

/** Asks the identity provider, where the site has one, the way that control would: what it says of itself, its keys, its clock. */
export async function checkIdentityProvider(env: Environment): Promise<Finding[]> {
  const todo =
    'everybody still signs in with the password; for the rest, see to the network, both clocks, HOLDFAST_SSO_ISSUER, HOLDFAST_SSO_ORIGINS, HOLDFAST_FORWARD_PROXY and, for a private CA, HOLDFAST_SSO_CA_FILE';
  try {
    const config = loadConfig(SiteConnectionsConfig, env);
    const asked = await identityProvider(config, await readWayOut(config));
    return await Promise.all(
      asked.map(async ({ name, reach }) => {
        try {
          await reach();
          return ok(name, 'it answers');
        } catch (error) {
          return fail(name, sentenceOf(error), todo);
        }
      }),
    );
  } catch (error) {
    return [fail('identity provider', `it cannot be asked: ${sentenceOf(error)}`, todo)];
  }
}
