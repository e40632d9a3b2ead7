import { IsOptional, IsString } from 'class-validator';
import { FromEnv } from '#platform/config';
import { UpstreamOrigins, UpstreamUrl } from '#platform/settings-of-servers';
import { ForwardProxyUrl, NoProxy } from '#platform/settings-of-the-way-out';

/** What all that reaches the world is told of where it goes, and by which way. */
export class OutsideConfig {
  @UpstreamUrl()
  upstreamUrl = 'https://api.snapcraft.io/';

  @UpstreamOrigins()
  upstreamOrigins = '';

  @ForwardProxyUrl()
  forwardProxy: string | undefined = undefined;

  /** A file with `user:password`. */
  @FromEnv('HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE')
  @IsOptional()
  @IsString()
  forwardProxyCredentialsFile: string | undefined = undefined;

  @NoProxy()
  noProxy = '';

  /** The incumbent's `use-ca-certs`. */
  @FromEnv('HOLDFAST_UPSTREAM_CA_FILE')
  @IsOptional()
  @IsString()
  upstreamCaFile: string | undefined = undefined;
}

/** What of it is the way out. */
export type WayOutSettings = Pick<
  OutsideConfig,
  'forwardProxy' | 'forwardProxyCredentialsFile' | 'noProxy' | 'upstreamCaFile'
>;
