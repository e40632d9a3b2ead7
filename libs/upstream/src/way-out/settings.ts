import { applyDecorators } from '@nestjs/common';
import { IsOptional, IsString, Matches, ValidateBy } from 'class-validator';
import { FromEnv } from '#platform/config';
import { UpstreamOrigins, UpstreamUrl } from '#platform/settings-of-servers';
import { directHosts } from './direct-hosts.js';

/** What all that reaches the world is told of where it goes, and by which way. */
export class OutsideConfig {
  @UpstreamUrl()
  upstreamUrl = 'https://api.snapcraft.io/';

  @UpstreamOrigins()
  upstreamOrigins = '';

  /** `http(s)://host:port`. The incumbent's `proxy.https.proxy`. */
  @FromEnv('HOLDFAST_FORWARD_PROXY')
  @IsOptional()
  @Matches(/^https?:\/\/[^\s/@?#]+\/?$/, {
    message:
      'must be the http(s) URL of the forward proxy, such as http://proxy.site.example:3128, without credentials: those go into the file that HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE names',
  })
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

function NoProxy(): PropertyDecorator {
  const readable = {
    validate: (text: unknown) => {
      try {
        return typeof text === 'string' && directHosts(text) !== undefined;
      } catch {
        return false;
      }
    },
    defaultMessage: () =>
      'must be names, addresses and networks, such as mirror.site.example,10.0.0.0/8, with commas between them',
  };
  return applyDecorators(FromEnv('HOLDFAST_NO_PROXY'), ValidateBy({ name: 'noProxy', validator: readable }));
}
