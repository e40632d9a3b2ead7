import { IsOptional, IsString, Matches, ValidateIf } from 'class-validator';
import type { S3Location } from '#blob-store/blobs-url';
import { BlobsUrl } from '#platform/blobs-setting';
import { Megabytes } from '#platform/bytes-setting';
import { FromEnv } from '#platform/config';
import {
  CertificateAuthorityFile,
  CertificateFile,
  DatabaseUrl,
  DeviceServiceUrls,
  ListenHost,
  ListenPort,
  LogLevel,
  Origin,
  PublicUrl,
  RedirectPort,
  RegistrationFile,
} from '#platform/settings-of-servers';
import { Prefetch } from '#platform/settings-of-work';
import { OutsideConfig } from '#upstream/published';

/** The settings of the proxy. */
export class ProxyConfig extends OutsideConfig {
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
  @ValidateIf(
    ({ policyVkeyFile, nodeDir }: ProxyConfig) => policyVkeyFile !== undefined || nodeDir === undefined,
  )
  @IsString({
    message: "must name the file with the policy key's public part, unless the proxy is a node, which enrols",
  })
  policyVkeyFile: string | undefined = undefined;

  /** Its key as a node, and what it has still to hand over. Absent: it is no node, and what it delivers is not recorded. */
  @FromEnv('HOLDFAST_NODE_DIR')
  @IsOptional()
  @IsString()
  nodeDir: string | undefined = undefined;

  /** With the one-time token that it was invited with. Absent: its launcher has enrolled it. */
  @FromEnv('HOLDFAST_NODE_TOKEN_FILE')
  @IsOptional()
  @IsString()
  nodeTokenFile: string | undefined = undefined;

  /** Where a node hands over. Absent: what the run file says. */
  @PublicUrl('HOLDFAST_CONTROL_URL', 'nodes')
  controlUrl: string | undefined = undefined;

  /** Of `holdfast up` on this machine, which says where its control is. */
  @FromEnv('HOLDFAST_RUN_FILE')
  @IsOptional()
  @IsString()
  runFile: string | undefined = undefined;

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

  /** Bytes for copies of artefacts. The incumbent's `proxy.cache.size` is 2048 MB by default. */
  @Megabytes('HOLDFAST_CACHE_SIZE')
  cacheBytes = 8 * 1024 ** 3;

  /** With a bucket: whether what is held is fetched before a device asks for it. */
  @Prefetch()
  prefetch = true;

  @DeviceServiceUrls()
  deviceServices = 'https://serial-vault-partners.canonical.com';

  /** How devices reach us. Absent: as each request says. */
  @PublicUrl('HOLDFAST_PROXY_URL', 'devices')
  publicUrl: string | undefined = undefined;

  /** The store proxy that answers devices, while this one looks on. Absent: this one answers. */
  @FromEnv('HOLDFAST_SHADOW_OF')
  @IsOptional()
  @Matches(/^https?:\/\/[^\s/@?#]+\/?$/, {
    message:
      'must be the http(s) URL of the store proxy that answers devices now, such as http://10.20.0.7, without a path',
  })
  shadowOf: string | undefined = undefined;

  @ListenHost('HOLDFAST_PROXY_HOST')
  host = '127.0.0.1';

  @ListenPort('HOLDFAST_PROXY_PORT')
  port = 8081;

  /** Plain HTTP, when there is a certificate. Absent: none. */
  @RedirectPort('HOLDFAST_PROXY_REDIRECT_PORT', 'port', 'healthPort')
  redirectPort: number | undefined = undefined;

  @CertificateFile()
  certificateFile: string | undefined = undefined;

  @RegistrationFile()
  registrationFile: string | undefined = undefined;

  @CertificateAuthorityFile()
  certificateAuthorityFile: string | undefined = undefined;

  @LogLevel()
  logLevel = 'info';

  @ListenHost('HOLDFAST_PROXY_HEALTH_HOST')
  healthHost = '127.0.0.1';

  @ListenPort('HOLDFAST_PROXY_HEALTH_PORT')
  healthPort = 9083;
}
