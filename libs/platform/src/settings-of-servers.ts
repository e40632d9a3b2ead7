import { applyDecorators } from '@nestjs/common';
import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsTimeZone,
  IsUrl,
  Matches,
  Max,
  Min,
  ValidateBy,
} from 'class-validator';
import { FromEnv, wholeNumber } from './config.js';

/** An address to listen on: a name, or an IP address as it is, without brackets. */
export function ListenHost(variable: string): PropertyDecorator {
  return applyDecorators(
    FromEnv(variable),
    Matches(/^[A-Za-z0-9.:_%-]{1,255}$/, { message: 'must be an address or a name to listen on' }),
  );
}

/** A port to listen on. */
export function ListenPort(variable: string): PropertyDecorator {
  const message = 'must be a port number, 0 to 65535; 0 takes a free one';
  return applyDecorators(
    FromEnv(variable, { read: wholeNumber }),
    IsInt({ message }),
    Min(0, { message }),
    Max(65_535, { message }),
  );
}

/** A port for plain HTTP beside HTTPS, at the same address. @param others the properties of the ports that it cannot be */
export function RedirectPort(variable: string, ...others: readonly string[]): PropertyDecorator {
  const differs = {
    validate: (port: unknown, on?: { readonly object: object }) =>
      port === 0 || !others.some((each) => on !== undefined && Reflect.get(on.object, each) === port),
    defaultMessage: () => 'must be another port than those that the server listens on already',
  };
  return applyDecorators(
    IsOptional(),
    ListenPort(variable),
    ValidateBy({ name: 'differs', validator: differs }),
  );
}

/** How a server is reached from outside. Everybody sees it, so it has no user and password (RFC 3986, 3.2.1). */
export function PublicUrl(variable: string, who: string): PropertyDecorator {
  return applyDecorators(
    FromEnv(variable),
    IsOptional(),
    IsUrl(
      { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
      { message: `must be the http(s) URL that ${who} use` },
    ),
    Matches(/^(?!https?:\/\/[^/?#]*@)/i, {
      message:
        'must have no user and password, since everybody sees it: those of the forward proxy are the secret setting forward-proxy-credentials',
    }),
  );
}

/** A certificate, what it was issued by, and its key, in PEM. No such file: plain HTTP. */
export function CertificateFile(): PropertyDecorator {
  return applyDecorators(FromEnv('HOLDFAST_CERTIFICATE_FILE'), IsOptional(), IsString());
}

/** What `holdfast register` verified. No such file: the store is not registered. */
export function RegistrationFile(): PropertyDecorator {
  return applyDecorators(FromEnv('HOLDFAST_REGISTRATION_FILE'), IsOptional(), IsString());
}

/** The certificate of a private authority, in PEM, that devices must trust. No such file: they trust the proxy's certificate as it is. */
export function CertificateAuthorityFile(): PropertyDecorator {
  return applyDecorators(FromEnv('HOLDFAST_CERTIFICATE_AUTHORITY_FILE'), IsOptional(), IsString());
}

/** @param whose as in `the proxy's own`: the role that the URL is of */
export function DatabaseUrl(whose: string): PropertyDecorator {
  return applyDecorators(
    FromEnv('DATABASE_URL', { secret: true }),
    IsUrl(
      { protocols: ['postgres', 'postgresql'], require_protocol: true, require_tld: false },
      { message: `must be PostgreSQL's URL, postgres:// or postgresql://, with ${whose} role` },
    ),
  );
}

/** Where snaps come from. A path prefix is allowed. */
export function UpstreamUrl(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_UPSTREAM_URL'),
    IsUrl(
      { protocols: ['http', 'https'], require_protocol: true, require_tld: false, disallow_auth: true },
      { message: "must be the upstream store's http(s) URL, without credentials" },
    ),
  );
}

/** Further origins that upstream may send us to although they are not public, separated by commas. */
export function UpstreamOrigins(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_UPSTREAM_ORIGINS'),
    Matches(/^(\s*https?:\/\/[^\s,/@?#]+\/?\s*(,|$))*$/, {
      message: 'must be http(s) origins, such as https://mirror.example, with commas between them',
    }),
  );
}

/** The services that give devices their serials, where a gadget names one; devices reach no other through us. */
export function DeviceServiceUrls(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_DEVICE_SERVICES'),
    Matches(/^(\s*https?:\/\/[^\s,@?#]+\s*(,|$))*$/, {
      message: 'must be http(s) URLs, such as https://serials.example/v1, with commas between them',
    }),
  );
}

/** Stamped on each event, with the offset that it means then. */
export function Zone(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_ZONE'),
    IsTimeZone({ message: 'must be the IANA name of a time zone, such as Europe/Zurich' }),
  );
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** From which level on a server's log has what it says. */
export function LogLevel(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_LOG_LEVEL'),
    IsIn(LEVELS, { message: `must be one of ${LEVELS.join(', ')}` }),
  );
}

/** The site's name, as it stands in its ledger (C2SP signed-note: no spaces, no plus). */
export function Origin(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_ORIGIN'),
    Matches(/^[^\s+]+$/, {
      message: "must be the site's origin, which names its ledger: no spaces, no plus",
    }),
  );
}
