import { reachIdentityProvider } from '#identity/single-sign-on/identity-provider';
import { readAuthorities } from '#platform/authorities';
import type { WayOut } from '#upstream/published';
import type { SiteConnectionsConfig } from './config.js';
import type { Connection } from './connection.js';
import { listed, web } from './web.js';

type Settings = Pick<SiteConnectionsConfig, 'ssoIssuer' | 'ssoOrigins' | 'ssoCaFile'>;

/** Where control asks who somebody is, its other origins behind it; none without one. @throws ConfigError for a file that settings name */
export async function identityProvider(
  { ssoIssuer: issuer, ssoOrigins, ssoCaFile: file }: Settings,
  { proxy }: WayOut,
): Promise<Connection[]> {
  if (issuer === undefined) return [];
  const way = {
    ...(proxy ? { proxy } : {}),
    ...(file === undefined ? {} : { authorities: await readAuthorities('HOLDFAST_SSO_CA_FILE', file) }),
  };
  const own = new URL(issuer).origin;
  const others = new Set(listed(ssoOrigins).map((url) => new URL(url).origin));
  others.delete(own);
  return [
    {
      name: `identity provider: ${own}`,
      async reach() {
        await reachIdentityProvider({ issuer, origins: [...others], ...way });
        return undefined;
      },
    },
    ...[...others].map((origin) => web(origin, way, `identity provider: ${origin}`)),
  ];
}
