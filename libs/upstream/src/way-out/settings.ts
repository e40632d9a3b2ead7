import { applyDecorators } from '@nestjs/common';
import { IsOptional, IsString, Matches, ValidateBy } from 'class-validator';
import { FromEnv } from '#platform/config';
import { directHosts } from './direct-hosts.js';

/** What a server that reaches the world is told of its way out. */
export interface WayOutSettings {
  /** `http(s)://host:port` */
  readonly forwardProxy: string | undefined;
  /** A file with `user:password`. */
  readonly forwardProxyCredentialsFile: string | undefined;
  readonly noProxy: string;
  readonly upstreamCaFile: string | undefined;
}

/** The incumbent's `proxy.https.proxy`. */
export function ForwardProxyUrl(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_FORWARD_PROXY'),
    IsOptional(),
    Matches(/^https?:\/\/[^\s/@?#]+\/?$/, {
      message:
        'must be the http(s) URL of the forward proxy, such as http://proxy.site.example:3128, without credentials: those go into the file that HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE names',
    }),
  );
}

export function ForwardProxyCredentialsFile(): PropertyDecorator {
  return applyDecorators(FromEnv('HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE'), IsOptional(), IsString());
}

export function NoProxy(): PropertyDecorator {
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

/** The incumbent's `use-ca-certs`. */
export function UpstreamCaFile(): PropertyDecorator {
  return applyDecorators(FromEnv('HOLDFAST_UPSTREAM_CA_FILE'), IsOptional(), IsString());
}
