import { applyDecorators } from '@nestjs/common';
import { IsOptional, Matches, ValidateBy } from 'class-validator';
import { FromEnv } from './config.js';

/** Whether a host is this machine, where nobody listens in between (RFC 6761, 6.3; RFC 5735, 4; RFC 4291, 2.5.3). */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** The identity provider's name for itself, which is where it says what it can (OpenID Connect Discovery 1.0, 4): https, but on this machine. */
export function SsoIssuer(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_SSO_ISSUER'),
    IsOptional(),
    ValidateBy({
      name: 'ssoIssuer',
      validator: {
        validate: (text: unknown) => typeof text === 'string' && isIssuer(text),
        defaultMessage: () =>
          "must be the identity provider's https URL, exactly as it calls itself, without user, password, query and fragment",
      },
    }),
  );
}

function isIssuer(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || /[\s?#]/.test(text) || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

/** What the provider knows us as (RFC 6749, 2.2). */
export function SsoClientId(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_SSO_CLIENT_ID'),
    IsOptional(),
    Matches(/^[\x20-\x7e]{1,255}$/, { message: 'must be the client id that the identity provider gave' }),
  );
}

/** One line (RFC 6749, 2.3.1). */
export function isClientSecret(text: string): boolean {
  return /^[\x20-\x7e]{8,1000}$/.test(text);
}

/** What is asked for: `openid` and, where the claim takes it, more (RFC 6749, 3.3). */
export function SsoScopes(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_SSO_SCOPES'),
    Matches(/^(?=(.* )?openid( |$))[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, {
      message: 'must be scopes with a blank between them, openid among them',
    }),
  );
}

/** The claim that names a person. Those that pass from one to another are none (OpenID Connect Core 1.0, 5.7). */
export function SsoClaim(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_SSO_CLAIM'),
    Matches(
      /^(?!(email|phone_number|preferred_username|nickname|name|given_name|family_name)$)[\w.:/-]{1,100}$/,
      {
        message:
          'must be the name of a claim that is one person’s for good, such as sub or oid: an address, a number, a user name or a name may be given to another',
      },
    ),
  );
}

/** Where else than at the issuer's origin the provider may have what we ask of it, with commas between. */
export function SsoOrigins(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_SSO_ORIGINS'),
    Matches(/^(\s*https:\/\/[^\s,/@?#]+\/?\s*(,|$))*$/, {
      message: 'must be https origins, such as https://tokens.example, with commas between them',
    }),
  );
}
