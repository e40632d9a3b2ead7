import { IsOptional, IsString, IsUrl, Matches, ValidateIf } from 'class-validator';
import type { S3Location } from '#blob-store/blobs-url';
import { BlobsUrl } from '#platform/blobs-setting';
import { FromEnv } from '#platform/config';
import {
  DatabaseUrl,
  ListenHost,
  ListenPort,
  LogLevel,
  Origin,
  UpstreamUrl,
} from '#platform/settings-of-servers';

/** The settings of the proxy. */
export class ProxyConfig {
  @DatabaseUrl("the proxy's own")
  databaseUrl!: string;

  /** Absent: what the policy key's name says. */
  @IsOptional()
  @Origin()
  origin: string | undefined = undefined;

  @FromEnv('HOLDFAST_RING')
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/, { message: 'must be the name of a ring' })
  ring = 'default';

  /** The public key that policies must be signed with. Pinned by whoever launches the proxy, never taken from the database. */
  @FromEnv('HOLDFAST_POLICY_VKEY_FILE')
  @IsString({ message: "must name the file with the policy key's public part" })
  policyVkeyFile!: string;

  @FromEnv('HOLDFAST_PROXY_KEY_FILE')
  @IsString({ message: "must name the file with the proxy's own key" })
  proxyKeyFile!: string;

  /** The bucket of the kept blobs. Absent: the folder. */
  @BlobsUrl('BLOBS_URL')
  blobs: S3Location | undefined = undefined;

  @FromEnv('HOLDFAST_KEPT_DIR')
  @ValidateIf(({ blobs }: ProxyConfig) => blobs === undefined)
  @IsString({ message: 'must be the folder of the kept blobs, unless BLOBS_URL names a bucket' })
  keptDir!: string;

  @FromEnv('HOLDFAST_CACHE_DIR')
  @IsString({ message: "must be the folder of the proxy's cache" })
  cacheDir!: string;

  @UpstreamUrl()
  upstreamUrl = 'https://api.snapcraft.io/';

  /** How devices reach us, when something that speaks TLS stands in front. Absent: as each request says. */
  @FromEnv('HOLDFAST_PROXY_URL')
  @IsOptional()
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: 'must be the http(s) URL that devices use' },
  )
  publicUrl: string | undefined = undefined;

  @ListenHost('HOLDFAST_PROXY_HOST')
  host = '127.0.0.1';

  @ListenPort('HOLDFAST_PROXY_PORT')
  port = 8081;

  @LogLevel()
  logLevel = 'info';

  @ListenHost('HOLDFAST_PROXY_HEALTH_HOST')
  healthHost = '127.0.0.1';

  @ListenPort('HOLDFAST_PROXY_HEALTH_PORT')
  healthPort = 9083;
}
