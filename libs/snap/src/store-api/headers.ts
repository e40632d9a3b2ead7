/** Header names of one generation of endpoints, lower case as Node gives them (protocol page §2). */
export interface HeaderNames {
  readonly deviceAuthorization: string;
  readonly store: string;
  readonly series: string;
  readonly architecture: string;
  readonly classic: string;
}

/** `/v2/snaps/refresh|info|find|categories` and `/v2/cohorts`. */
export const LEVEL_V2: HeaderNames = {
  deviceAuthorization: 'snap-device-authorization',
  store: 'snap-device-store',
  series: 'snap-device-series',
  architecture: 'snap-device-architecture',
  classic: 'snap-classic',
};

/** Everything else, downloads and `/v2/assertions/…` too. */
export const LEVEL_V1: HeaderNames = {
  deviceAuthorization: 'x-device-authorization',
  store: 'x-ubuntu-store',
  series: 'x-ubuntu-series',
  architecture: 'x-ubuntu-architecture',
  classic: 'x-ubuntu-classic',
};

/** Sent by both generations. */
export const ACCEPT_DELTA_FORMAT = 'snap-accept-delta-format';
export const DEVICE_CAPABILITIES = 'snap-device-capabilities';
export const REFRESH_REASON = 'snap-refresh-reason';
export const REFRESH_MANAGED = 'snap-refresh-managed';
export const CLIENT_USER_AGENT = 'snap-client-user-agent';

/** The store's answers carry it; `55` or more keeps newer clients from leaving members out (protocol page §2). */
export const STORE_VERSION = 'snap-store-version';
export const STORE_VERSION_VALUE = '55';

/** What snapd shows prices in from then on; where an answer has none, it goes on with the last one that it heard, at first USD (protocol page §2). */
export const SUGGESTED_CURRENCY = 'x-suggested-currency';

/** @returns an ISO 4217 code; undefined where the headers name none, several, or something else, which snapd would show to people as it came */
export function readSuggestedCurrency(headers: Readonly<Record<string, string>>): string | undefined {
  const value = headers[SUGGESTED_CURRENCY]?.trim();
  return value !== undefined && isCurrency(value) ? value : undefined;
}

export function isCurrency(text: string): boolean {
  return /^[A-Z]{3}$/.test(text);
}

/** The content types that snapd compares as a whole: no charset may follow (protocol page §13). */
export const JSON_TYPE = 'application/json';
export const HAL_JSON_TYPE = 'application/hal+json';
export const ASSERTION_TYPE = 'application/x.ubuntu.assertion';

/** What a device claims about itself. Nothing of it is proven. */
export interface DeviceClaims {
  /** `Macaroon root="…"`, as it came. */
  readonly deviceAuthorization: string | undefined;
  readonly store: string | undefined;
  readonly series: string | undefined;
  readonly architecture: string | undefined;
  readonly classic: boolean;
}

/** Reads both generations' names, whichever the endpoint should have got; a repeated header counts as none. */
export function readDeviceClaims(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): DeviceClaims {
  const read = (name: keyof HeaderNames): string | undefined => {
    const value = headers[LEVEL_V2[name]] ?? headers[LEVEL_V1[name]];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    deviceAuthorization: read('deviceAuthorization'),
    store: read('store'),
    series: read('series'),
    architecture: read('architecture'),
    classic: read('classic') === 'true',
  };
}
