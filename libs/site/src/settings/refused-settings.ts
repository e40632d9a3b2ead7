import { ARCHITECTURES } from '#snap';
import { Megabytes } from '#platform/bytes-setting';
import { withoutCredentials, wrongSettings } from '#platform/config';
import {
  IdentityReference,
  PasswordDays,
  SecondComponent,
  SessionIdleMinutes,
  SigningPauseMinutes,
  Training,
} from '#platform/settings-of-people';
import {
  DeviceServiceUrls,
  ListenHost,
  ListenPort,
  LogLevel,
  PublicUrl,
  RedirectPort,
  UpstreamOrigins,
  UpstreamUrl,
  Zone,
} from '#platform/settings-of-servers';
import {
  isClientSecret,
  SsoClaim,
  SsoClientId,
  SsoIssuer,
  SsoOrigins,
  SsoScopes,
} from '#platform/settings-of-single-sign-on';
import { ForwardProxyUrl, isProxyCredentials, NoProxy } from '#platform/settings-of-the-way-out';
import {
  AccessReviewInterval,
  Architectures,
  Prefetch,
  ScrubEveryMinutes,
  HoldReviewDays,
  PeriodicReviewInterval,
  ScrubSliceMib,
  SyncEveryMinutes,
  TrailReviewInterval,
  VerifyEveryHours,
} from '#platform/settings-of-work';
import type { GivenSecret } from '../domain/settings/given-changes.js';
import type { SettingValues } from '../domain/settings/settings.js';
import { SITE_SETTINGS, type SiteSetting } from '../domain/settings/site-settings.js';

/** The rules by which the servers read these settings. */
export class SiteSettingsConfig {
  @Architectures(ARCHITECTURES)
  architectures: unknown;

  @Megabytes('HOLDFAST_CACHE_SIZE')
  cacheSize: unknown;

  @PublicUrl('HOLDFAST_CONTROL_URL', 'people')
  controlUrl: unknown;

  @DeviceServiceUrls()
  deviceServices: unknown;

  @ForwardProxyUrl()
  forwardProxy: unknown;

  @LogLevel()
  logLevel: unknown;

  @NoProxy()
  noProxy: unknown = '';

  @PasswordDays()
  passwordDays: unknown;

  @Prefetch()
  prefetch: unknown;

  @ListenHost('HOLDFAST_PROXY_HOST')
  proxyHost: unknown;

  @ListenPort('HOLDFAST_PROXY_PORT')
  proxyPort: unknown;

  @RedirectPort('HOLDFAST_PROXY_REDIRECT_PORT', 'proxyPort')
  proxyRedirectPort: unknown;

  @PublicUrl('HOLDFAST_PROXY_URL', 'devices')
  proxyUrl: unknown;

  @ScrubEveryMinutes()
  scrubEveryMinutes: unknown;

  @ScrubSliceMib()
  scrubSliceMib: unknown;

  @SecondComponent()
  secondComponent: unknown;

  @SessionIdleMinutes()
  sessionIdleMinutes: unknown;

  @SigningPauseMinutes()
  signingPauseMinutes: unknown;

  @IdentityReference()
  identityReference: unknown;

  @Training()
  training: unknown;

  @SsoClaim()
  ssoClaim: unknown;

  @SsoClientId()
  ssoClientId: unknown;

  @SsoIssuer()
  ssoIssuer: unknown;

  @SsoOrigins()
  ssoOrigins: unknown = '';

  @SsoScopes()
  ssoScopes: unknown;

  @SyncEveryMinutes()
  syncEveryMinutes: unknown;

  @AccessReviewInterval()
  accessReviewInterval: unknown;

  @PeriodicReviewInterval()
  periodicReviewInterval: unknown;

  @TrailReviewInterval()
  trailReviewInterval: unknown;

  @HoldReviewDays()
  holdReviewDays: unknown;

  @VerifyEveryHours()
  verifyEveryHours: unknown;

  @UpstreamOrigins()
  upstreamOrigins: unknown = '';

  @UpstreamUrl()
  upstreamUrl: unknown;

  @Zone()
  zone: unknown;
}

export interface RefusedSetting {
  readonly setting: SiteSetting;
  /** Names the key, says what is wrong, and shows no credentials. */
  readonly sentence: string;
}

/** What the servers would refuse of a site's settings. */
export function refusedSettings(settings: SettingValues): readonly RefusedSetting[] {
  const values = SITE_SETTINGS.map(({ key, variable, fallback }) => {
    return [variable, settings.get(key) ?? fallback ?? undefined] as const;
  });
  const wrong = wrongSettings(SiteSettingsConfig, Object.fromEntries(values));
  return SITE_SETTINGS.flatMap((setting) => {
    const { key } = setting;
    const text = withoutCredentials(settings.get(key) ?? '');
    return wrong
      .filter(({ variable }) => variable === setting.variable)
      .map(({ why }) => ({ setting, sentence: `${key} is ${JSON.stringify(text)}: it ${why}.` }));
  });
}

/** What the servers would refuse of a secret: a sentence each, which names the key and never shows the value. */
export function refusedSecret({ key, value }: GivenSecret): readonly string[] {
  if (value === null) return [];
  switch (key) {
    case 'forward-proxy-credentials':
      return isProxyCredentials(value) ? [] : [`${key} is wrong: it must be one line, user:password.`];
    case 'sso-client-secret':
      return isClientSecret(value)
        ? []
        : [`${key} is wrong: it must be one line of 8 to 1000 characters of ASCII.`];
  }
}
