import { Global, Module, type DynamicModule } from '@nestjs/common';
import { CREDENTIAL_RULES, ISSUER, type ReadCredentialRules } from '#identity/credentials/credential-rules';
import { CredentialStore } from '#identity/credentials/credential-store';
import { HeartbeatStore } from '#fleet/heartbeats/heartbeat-store';
import { HostProofs } from '#identity/credentials/host-proofs';
import { ReferenceDigests } from '#identity/identity-references/reference-digests';
import { ResetParts } from '#identity/credentials/reset-parts';
import { TotpSeals } from '#identity/credentials/totp-seals';
import { HandOverCodes } from '#identity/sessions/hand-over-codes';
import { SessionUseStore } from '#identity/sessions/session-use-store';
import { SessionTokens } from '#identity/sessions/session-token';
import { ApiTokens } from '#identity/tokens/api-tokens';
import { KeyChallenges } from '#identity/security-keys/key-challenges';
import { RELYING_PARTY } from '#identity/security-keys/relying-party';
import { SealedSignOns } from '#identity/single-sign-on/sealed-sign-ons';
import { IDENTITY_PROVIDER } from '#identity/single-sign-on/sign-ons';
import { SinkSecrets } from '#notifications/secrets/sink-secrets';
import { ProjectionProgress } from '#platform/at-least/projection-progress';
import { ReaderAnnouncements } from '#platform/read-models/reader-announcements';
import { TakenRequests } from '#platform/idempotency/taken-requests';
import { CLOCK, EVENT_STORE, READ_MODEL_VERSIONS, READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { ATTACHMENT_LIMIT } from '#release-control/attachments/attachment-limit';
import { AttachmentStore } from '#release-control/attachments/attachment-store';
import { HOLD_REVIEW_DAYS } from '#release-control/holds/hold-review-days';
import { UPSTREAM_RELEASES } from '#release-control/holds/upstream-releases';
import { TICKET_SYSTEMS } from '#release-control/tickets/ticket-systems';
import { REVIEW_DAYS } from '#reviews/review-days';
import { SealedSettings } from '#site/sealed/sealed-settings';
import { RUNNING_SETTINGS } from '#site/settings/running-settings';
import type { Adapters } from './adapters.js';
import { decidedRules } from './decided-rules.js';
import { CONTROL_READS } from './control-reads.js';
import { SITE, type Site } from './status/site.js';
import { upstreamReleases } from './upstream-releases.js';

/** What every context may inject. */
@Global()
@Module({})
export class PlatformModule {
  static of(adapters: Adapters, site: Site): DynamicModule {
    const provided = [
      { provide: EVENT_STORE, useValue: adapters.store },
      { provide: STREAM_WRITER, useValue: adapters.streams },
      { provide: READ_MODELS, useValue: adapters.readModels },
      { provide: CLOCK, useValue: adapters.clock },
      { provide: CredentialStore, useValue: adapters.credentials },
      { provide: TotpSeals, useValue: adapters.totpSeals },
      { provide: ReferenceDigests, useValue: adapters.referenceDigests },
      { provide: ResetParts, useValue: adapters.resetParts },
      { provide: HostProofs, useValue: adapters.hostProofs },
      { provide: CREDENTIAL_RULES, useValue: rulesOf(adapters) },
      { provide: ISSUER, useValue: site.origin },
      { provide: RELYING_PARTY, useValue: site.relyingParty ?? null },
      { provide: KeyChallenges, useValue: adapters.keyChallenges(site.origin) },
      { provide: SealedSignOns, useValue: adapters.sealedSignOns },
      { provide: IDENTITY_PROVIDER, useValue: adapters.identityProvider },
      { provide: HeartbeatStore, useValue: adapters.heartbeats },
      { provide: SessionTokens, useValue: adapters.tokens },
      { provide: SessionUseStore, useValue: adapters.sessionUses },
      { provide: HandOverCodes, useValue: adapters.handOverCodes },
      { provide: ApiTokens, useValue: adapters.apiTokens },
      { provide: TakenRequests, useValue: adapters.takenRequests },
      { provide: SealedSettings, useValue: adapters.sealedSettings },
      { provide: SinkSecrets, useValue: adapters.sinkSecrets },
      { provide: AttachmentStore, useValue: adapters.attachments },
      { provide: ATTACHMENT_LIMIT, useValue: adapters.attachmentLimit },
      { provide: HOLD_REVIEW_DAYS, useValue: adapters.holdReviewDays },
      { provide: REVIEW_DAYS, useValue: adapters.reviewDays },
      { provide: TICKET_SYSTEMS, useValue: adapters.ticketSystems },
      { provide: UPSTREAM_RELEASES, useValue: upstreamReleases(adapters.streams) },
      { provide: RUNNING_SETTINGS, useValue: adapters.runningSettings },
      { provide: SITE, useValue: site },
      { provide: READ_MODEL_VERSIONS, useValue: CONTROL_READS },
      ProjectionProgress,
      ReaderAnnouncements,
    ];
    return { module: PlatformModule, providers: provided, exports: provided };
  }
}

/** What two people decided is in force at once where it is stricter: whoever starts control does not choose when. */
function rulesOf({ streams, credentialRules }: Adapters): ReadCredentialRules {
  return async () => (await decidedRules(streams, credentialRules)).rules;
}
