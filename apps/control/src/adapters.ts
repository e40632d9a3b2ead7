import type pg from 'pg';
import { systemClock, type Clock } from '#kernel';
import type { EventStore } from '#event-store/port';
import { HeartbeatStore } from '#fleet/heartbeats/heartbeat-store';
import type { CredentialRules } from '#identity/credentials/credential-rules';
import { readLinkedAccounts } from '#identity/published';
import { CredentialStore } from '#identity/credentials/credential-store';
import { HostProofs } from '#identity/credentials/host-proofs';
import { ReferenceDigests } from '#identity/identity-references/reference-digests';
import { ResetParts } from '#identity/credentials/reset-parts';
import { TotpSeals } from '#identity/credentials/totp-seals';
import { HandOverCodes } from '#identity/sessions/hand-over-codes';
import { SessionUseStore } from '#identity/sessions/session-use-store';
import { SessionTokens } from '#identity/sessions/session-token';
import { ApiTokens } from '#identity/tokens/api-tokens';
import { KeyChallenges } from '#identity/security-keys/key-challenges';
import { IdentityProvider } from '#identity/single-sign-on/identity-provider';
import { SealedSignOns } from '#identity/single-sign-on/sealed-sign-ons';
import type { SignOnSettings } from '#identity/single-sign-on/settings';
import { SinkSecrets } from '#notifications/secrets/sink-secrets';
import { sinksKey } from '#notifications/secrets/sinks-key';
import { smallPool } from '#platform/database/small-pool';
import { StreamWriter } from '#platform/decide-and-append';
import { ReadModels } from '#platform/http/read-models';
import { TakenRequests } from '#platform/idempotency/taken-requests';
import { USUAL_ATTACHMENT_MIB } from '#release-control/attachments/attachment-limit';
import { AttachmentStore } from '#release-control/attachments/attachment-store';
import { TicketSystemsFile } from '#release-control/tickets/ticket-systems';
import { USUAL_HOLD_REVIEW_DAYS } from '#release-control/holds/hold-review-days';
import type { ReviewDays } from '#reviews/domain/kinds';
import { reviewDaysOf, type ReviewIntervals } from '#reviews/review-days';
import { SealedSettings } from '#site/sealed/sealed-settings';
import { readRunningSettings, type ReadRunningSettings } from '#site/settings/running-settings';

/** What control reaches the world through. */
export interface Adapters {
  readonly store: EventStore;
  readonly streams: StreamWriter;
  readonly readModels: ReadModels;
  readonly credentials: CredentialStore;
  readonly totpSeals: TotpSeals;
  readonly resetParts: ResetParts;
  readonly referenceDigests: ReferenceDigests;
  readonly hostProofs: HostProofs;
  readonly credentialRules: CredentialRules;
  /** For the site of that name. */
  readonly keyChallenges: (site: string) => KeyChallenges;
  readonly sealedSignOns: SealedSignOns;
  /** Null: the site has none. */
  readonly identityProvider: IdentityProvider | null;
  readonly heartbeats: HeartbeatStore;
  readonly tokens: SessionTokens;
  readonly sessionUses: SessionUseStore;
  readonly handOverCodes: HandOverCodes;
  readonly apiTokens: ApiTokens;
  readonly sealedSettings: SealedSettings;
  readonly takenRequests: TakenRequests;
  readonly sinkSecrets: SinkSecrets;
  /** For the secrets of sinks. */
  readonly sinkPool: pg.Pool;
  readonly ticketSystems: TicketSystemsFile;
  readonly attachments: AttachmentStore;
  /** Bytes of one attachment. */
  readonly attachmentLimit: number;
  readonly reviewDays: ReviewDays;
  readonly holdReviewDays: number;
  readonly runningSettings: ReadRunningSettings;
  readonly clock: Clock;
  /** The site's, by IANA's name. */
  readonly zone: string;
}

interface AdapterSettings extends CredentialRules, ReviewIntervals {
  readonly databaseUrl: string;
  readonly zone: string;
  readonly settingsFile?: string | undefined;
  readonly ticketSystemsFile?: string | undefined;
  readonly attachmentMib?: number | undefined;
  readonly holdReviewDays?: number | undefined;
}

interface More {
  readonly clock?: Clock;
  /** Absent: the site has no identity provider. */
  readonly signOn?: SignOnSettings | undefined;
}

/** Nothing connects before it is used. */
export function adapters(
  settings: AdapterSettings,
  siteKey: Uint8Array,
  store: EventStore,
  { clock = systemClock, signOn }: More = {},
): Adapters {
  const {
    databaseUrl,
    zone,
    settingsFile: file,
    ticketSystemsFile,
    attachmentMib = USUAL_ATTACHMENT_MIB,
    holdReviewDays = USUAL_HOLD_REVIEW_DAYS,
    secondComponent,
    signingPauseMinutes,
    passwordDays,
    training,
    identityReference,
    sessionIdleMinutes,
  } = settings;
  const sinkPool = smallPool(databaseUrl);
  return {
    store,
    streams: new StreamWriter(store, zone, readLinkedAccounts),
    readModels: new ReadModels(databaseUrl),
    credentials: new CredentialStore(databaseUrl),
    totpSeals: new TotpSeals(siteKey),
    resetParts: new ResetParts(siteKey),
    referenceDigests: new ReferenceDigests(siteKey),
    hostProofs: new HostProofs(siteKey),
    credentialRules: {
      secondComponent,
      signingPauseMinutes,
      passwordDays,
      training,
      identityReference,
      sessionIdleMinutes,
    },
    keyChallenges: (site) => new KeyChallenges(siteKey, site),
    sealedSignOns: new SealedSignOns(siteKey),
    identityProvider: signOn ? new IdentityProvider(signOn, clock) : null,
    heartbeats: new HeartbeatStore(databaseUrl),
    tokens: new SessionTokens(siteKey),
    sessionUses: new SessionUseStore(databaseUrl),
    handOverCodes: new HandOverCodes(siteKey),
    apiTokens: new ApiTokens(siteKey),
    sealedSettings: new SealedSettings(databaseUrl, siteKey),
    takenRequests: new TakenRequests(databaseUrl, siteKey, store),
    sinkSecrets: new SinkSecrets(sinkPool, sinksKey(siteKey)),
    sinkPool,
    attachments: new AttachmentStore(databaseUrl),
    attachmentLimit: attachmentMib * 1024 * 1024,
    reviewDays: reviewDaysOf(settings),
    holdReviewDays,
    ticketSystems: new TicketSystemsFile(ticketSystemsFile),
    runningSettings: async () => (file === undefined ? undefined : readRunningSettings(file)),
    clock,
    zone,
  };
}

export async function closeAdapters(adapters: Adapters): Promise<void> {
  const { store, readModels, credentials, heartbeats, sealedSettings, takenRequests, attachments } = adapters;
  const { sessionUses, identityProvider, sinkPool } = adapters;
  const all = [
    takenRequests,
    store,
    readModels,
    credentials,
    heartbeats,
    sealedSettings,
    attachments,
    sessionUses,
  ];
  await Promise.all([...all.map((each) => each.close()), sinkPool.end(), identityProvider?.close()]);
}
