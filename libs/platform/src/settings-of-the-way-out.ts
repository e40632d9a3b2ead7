import { applyDecorators } from '@nestjs/common';
import { IsOptional, Matches, ValidateBy } from 'class-validator';
import { FromEnv } from './config.js';
import { directHosts } from './direct-hosts.js';

/** `http(s)://host:port`. The incumbent's `proxy.https.proxy`. */
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

/** `user:password`, as HTTP's Basic sends it (RFC 7617, section 2). */
export function isProxyCredentials(text: string): boolean {
  return /^[^:\p{Cc}]+:[^\p{Cc}]*$/u.test(text);
}

/** What is reached without it. */
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
