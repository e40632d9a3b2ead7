import { IsBoolean, IsOptional, IsString } from 'class-validator';
import { USUAL_CREDENTIAL_RULES } from '#identity/credentials/credential-rules';
import { MOST_ATTACHMENT_MIB, USUAL_ATTACHMENT_MIB } from '#release-control/attachments/attachment-limit';
import { USUAL_HOLD_REVIEW_DAYS } from '#release-control/holds/hold-review-days';
import { USUAL_DAYS } from '#reviews/domain/kinds';
import { FromEnv, trueOrFalse } from '#platform/config';
import { IsEventStoreUrl } from '#platform/event-store-setting';
import {
  SsoClaim,
  SsoClientId,
  SsoIssuer,
  SsoOrigins,
  SsoScopes,
} from '#platform/settings-of-single-sign-on';
import {
  AccessReviewInterval,
  AttachmentMib,
  HoldReviewDays,
  PeriodicReviewInterval,
  TrailReviewInterval,
} from '#platform/settings-of-work';
import { ForwardProxyUrl, NoProxy } from '#platform/settings-of-the-way-out';
import {
  IdentityReference,
  PasswordDays,
  SecondComponent,
  SessionIdleMinutes,
  SigningPauseMinutes,
  Training,
} from '#platform/settings-of-people';
import {
  CertificateFile,
  DatabaseUrl,
  ListenHost,
  ListenPort,
  LogLevel,
  Origin,
  PublicUrl,
  RedirectPort,
  Zone,
} from '#platform/settings-of-servers';

/** The settings of control. */
export class ControlConfig {
  @DatabaseUrl("control's own")
  databaseUrl!: string;

  /** Where events are when they are not in PostgreSQL: EventStoreDB or KurrentDB, with an administrator's name and password. */
  @FromEnv('EVENTSTORE_URL', { secret: true })
  @IsOptional()
  @IsEventStoreUrl()
  eventStoreUrl?: string;

  /** Of the site's own ledger: a store with another site's history is refused. */
  @FromEnv('HOLDFAST_LEDGER_VKEY_FILE')
  @IsString({ message: "must name the file with the public half of the ledger's key" })
  ledgerVkeyFile!: string;

  @Origin()
  origin!: string;

  @FromEnv('HOLDFAST_SITE_KEY_FILE')
  @IsString({ message: 'must name the file with the site key' })
  siteKeyFile!: string;

  /** How people reach us. Absent: as each request says. */
  @PublicUrl('HOLDFAST_CONTROL_URL', 'people')
  publicUrl: string | undefined = undefined;

  /** Loopback by default: a site has no certificate at first. */
  @ListenHost('HOLDFAST_CONTROL_HOST')
  host = '127.0.0.1';

  @ListenPort('HOLDFAST_CONTROL_PORT')
  port = 8080;

  /** Plain HTTP, when there is a certificate. Absent: none. */
  @RedirectPort('HOLDFAST_CONTROL_REDIRECT_PORT', 'port', 'healthPort')
  redirectPort: number | undefined = undefined;

  @CertificateFile()
  certificateFile: string | undefined = undefined;

  /** What the servers were last started with, to be told to whoever asks for the site's settings. Absent: nobody says. */
  @FromEnv('HOLDFAST_SETTINGS_FILE')
  @IsOptional()
  @IsString()
  settingsFile: string | undefined = undefined;

  /** The ticket systems that may say how a ticket stands. Absent, or no such file: none. */
  @FromEnv('HOLDFAST_TICKET_SYSTEMS_FILE')
  @IsOptional()
  @IsString()
  ticketSystemsFile: string | undefined = undefined;

  /** Of one attachment. */
  @AttachmentMib(MOST_ATTACHMENT_MIB)
  attachmentMib = USUAL_ATTACHMENT_MIB;

  /** Days after which what is not applied is to be looked at. */
  @HoldReviewDays()
  holdReviewDays = USUAL_HOLD_REVIEW_DAYS;

  /** Days from one review of a kind to the next, and until the first. */
  @AccessReviewInterval()
  accessReviewInterval = USUAL_DAYS.access;

  @PeriodicReviewInterval()
  periodicReviewInterval = USUAL_DAYS.periodic;

  @TrailReviewInterval()
  trailReviewInterval = USUAL_DAYS.trail;

  @Zone()
  zone = 'Etc/UTC';

  @SecondComponent()
  secondComponent = USUAL_CREDENTIAL_RULES.secondComponent;

  @SessionIdleMinutes()
  sessionIdleMinutes = USUAL_CREDENTIAL_RULES.sessionIdleMinutes;

  @SigningPauseMinutes()
  signingPauseMinutes = USUAL_CREDENTIAL_RULES.signingPauseMinutes;

  @PasswordDays()
  passwordDays = USUAL_CREDENTIAL_RULES.passwordDays;

  @IdentityReference()
  identityReference = USUAL_CREDENTIAL_RULES.identityReference;

  @Training()
  training = USUAL_CREDENTIAL_RULES.training;

  /** The site's identity provider. Absent: people sign in with passwords alone. */
  @SsoIssuer()
  ssoIssuer: string | undefined = undefined;

  @SsoClientId()
  ssoClientId: string | undefined = undefined;

  /** Absent: a public client. */
  @FromEnv('HOLDFAST_SSO_CLIENT_SECRET_FILE')
  @IsOptional()
  @IsString()
  ssoClientSecretFile: string | undefined = undefined;

  @SsoScopes()
  ssoScopes = 'openid';

  @SsoClaim()
  ssoClaim = 'sub';

  @SsoOrigins()
  ssoOrigins = '';

  /** By which way the provider is reached, and nothing else. */
  @ForwardProxyUrl()
  forwardProxy: string | undefined = undefined;

  /** A file with `user:password`. */
  @FromEnv('HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE')
  @IsOptional()
  @IsString()
  forwardProxyCredentialsFile: string | undefined = undefined;

  @NoProxy()
  noProxy = '';

  /** Whom alone it trusts of the provider's certificate. Absent: Node's own list. */
  @FromEnv('HOLDFAST_SSO_CA_FILE')
  @IsOptional()
  @IsString()
  ssoCaFile: string | undefined = undefined;

  @LogLevel()
  logLevel = 'info';

  @FromEnv('HOLDFAST_EVALUATION_DATABASE', { read: trueOrFalse })
  @IsBoolean({ message: 'must be true or false' })
  evaluationDatabase = false;

  @ListenHost('HOLDFAST_CONTROL_HEALTH_HOST')
  healthHost = '127.0.0.1';

  @ListenPort('HOLDFAST_CONTROL_HEALTH_PORT')
  healthPort = 9080;
}
