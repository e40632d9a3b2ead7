import { RECORD_COPIES_STREAM, recordCopies } from '#audit-trail/domain/record-copies';
import { KEPT_BLOBS_STREAM, keptBlobs } from '#catalog/domain/kept-blobs/kept-blobs';
import { sync } from '#catalog/domain/sync/sync';
import { statedOfUpstreamSnap } from '#catalog/domain/upstream-snap/stated-before';
import { upstreamSnap } from '#catalog/domain/upstream-snap/upstream-snap';
import { WATCH_LIST_STREAM, watchList } from '#catalog/domain/watch-list/watch-list';
import { ATTACHMENTS_STREAM } from '#catalog/scrub/scrub-record';
import { deliveries } from '#fleet/domain/deliveries/deliveries';
import { deviceList } from '#fleet/domain/device-list/device-list';
import { node } from '#fleet/domain/node/node';
import { rings, RINGS_STREAM } from '#fleet/domain/rings/rings';
import { statedOfDeliveries, statedOfNode } from '#fleet/domain/stated-before';
import { admins, ADMINS_STREAM } from '#identity/domain/admins/admins';
import { identityReference } from '#identity/domain/identity-reference/identity-reference';
import { login } from '#identity/domain/login/login';
import { person } from '#identity/domain/person/person';
import { statedOfPerson } from '#identity/domain/person/stated-before';
import { SAME_PERSON_STREAM, samePerson } from '#identity/domain/same-person/same-person';
import { securityKey } from '#identity/domain/security-key/security-key';
import { signOnIdentity } from '#identity/domain/sign-on-identity/sign-on-identity';
import { SIGN_ON_REFUSALS_STREAM, signOnRefusals } from '#identity/domain/sign-on-refusals/sign-on-refusals';
import { token } from '#identity/domain/token/token';
import { training } from '#identity/domain/training/training';
import { statedOfVerification } from '#ledger/domain/verification/stated-before';
import {
  LEDGER_STREAM,
  LEDGER_STREAM_AFTER_DAMAGE,
  verification,
} from '#ledger/domain/verification/verification';
import { MAIL_ADDRESSES_STREAM, mailAddresses } from '#notifications/domain/mail-addresses/mail-addresses';
import { sinks, SINKS_STREAM } from '#notifications/domain/sinks/sinks';
import { statedOfMailAddresses, statedOfSinks } from '#notifications/domain/stated-before';
import { changeRequest } from '#release-control/domain/change-request/change-request';
import { statedOfChangeRequest } from '#release-control/domain/change-request/stated-before';
import { holds } from '#release-control/domain/holds/holds';
import { statedOfHolds } from '#release-control/domain/holds/stated-before';
import { releasePolicy } from '#release-control/domain/release-policy/release-policy';
import { statedOfReleasePolicy } from '#release-control/domain/release-policy/stated-before';
import { schedule, SCHEDULE_STREAM } from '#release-control/domain/schedule/schedule';
import {
  TICKET_MESSAGES_STREAM,
  ticketMessages,
} from '#release-control/domain/ticket-messages/ticket-messages';
import { tokenSubmissions } from '#release-control/domain/token-submissions/token-submissions';
import { firstReviews, FIRST_REVIEWS_STREAM } from '#reviews/domain/first-reviews/first-reviews';
import { REVIEW_STREAMS } from '#reviews/domain/kinds';
import { review } from '#reviews/domain/review/review';
import { clock, CLOCK_STREAM } from '#site/domain/clock';
import { certificate, CERTIFICATE_STREAM } from '#site/domain/certificate';
import { registration, REGISTRATION_STREAM } from '#site/domain/registration';
import { restoration } from '#site/domain/restoration';
import { settings, SETTINGS_STREAM } from '#site/domain/settings/settings';
import { site, SITE_STREAM } from '#site/domain/site';
import {
  statedOfClock,
  statedOfCertificate,
  statedOfRegistration,
  statedOfSettings,
} from '#site/domain/stated-before';
import { replayed, type ReplayedKind } from './replayed-kind.js';

const DAMAGES = { KeptBlobDamaged: null, KeptBlobRestored: null } as const;
/** Of a range of the trail. */
const A_RANGE = { because: 'it is the first position of what is reviewed' };

/** Every kind of stream that a history has. */
export const REPLAYED_KINDS: readonly ReplayedKind[] = [
  replayed(SITE_STREAM, site, { SiteFounded: null, CommissioningClosed: null }),
  replayed('restoration/', restoration, { SiteRestored: null, RollbackAcknowledged: null }),
  replayed(CLOCK_STREAM, clock, statedOfClock),
  replayed(CERTIFICATE_STREAM, certificate, statedOfCertificate),
  replayed(REGISTRATION_STREAM, registration, statedOfRegistration),
  replayed(SETTINGS_STREAM, settings, statedOfSettings),
  replayed(SINKS_STREAM, sinks, statedOfSinks),
  replayed(MAIL_ADDRESSES_STREAM, mailAddresses, statedOfMailAddresses),
  replayed('login/', login, { LoginReserved: null }),
  replayed('person/', person, statedOfPerson),
  replayed(ADMINS_STREAM, admins, { AdminRemovalReserved: null }),
  replayed('identity-reference/', identityReference, {
    IdentityReferenceClaimed: null,
    IdentityReferenceContested: null,
  }),
  replayed(SAME_PERSON_STREAM, samePerson, {
    SamePersonRequested: null,
    SamePersonDeclared: null,
    SamePersonRevocationRequested: null,
    SamePersonRevoked: null,
  }),
  replayed('security-key/', securityKey, { SecurityKeyClaimed: null, SecurityKeyClaimContested: null }),
  replayed('single-sign-on/', signOnIdentity, {
    SingleSignOnClaimed: null,
    SingleSignOnClaimContested: null,
  }),
  replayed(SIGN_ON_REFUSALS_STREAM, signOnRefusals, { SingleSignOnRefused: null }),
  replayed('training/', training, { TrainingRecorded: null }),
  replayed('token/', token, { TokenIssued: null, TokenRevoked: null }),
  replayed('token-submissions/', tokenSubmissions, { SubmissionClaimed: null }),
  replayed('change-request/', changeRequest, statedOfChangeRequest),
  replayed('release-policy/', releasePolicy, statedOfReleasePolicy),
  replayed('holds/', holds, statedOfHolds),
  replayed(SCHEDULE_STREAM, schedule, { DueNoted: null, DueDropped: null }),
  replayed(TICKET_MESSAGES_STREAM, ticketMessages, { TicketMessageRefused: null }),
  replayed(REVIEW_STREAMS, review, {
    ReviewOpened: A_RANGE,
    RightsDecided: null,
    FindingRecorded: null,
    ReviewSigned: null,
    ReviewCompleted: null,
    TrailReviewRefused: null,
    ReviewWithdrawn: null,
    NextReviewOverdue: null,
    DeviationClosed: null,
    DeviationEscalated: null,
  }),
  replayed(FIRST_REVIEWS_STREAM, firstReviews, { FirstReviewOverdue: null }),
  replayed(RINGS_STREAM, rings, { RingCreated: null }),
  replayed('device-list/', deviceList, { DeviceListImported: null }),
  replayed('node/', node, statedOfNode),
  replayed('deliveries/', deliveries, statedOfDeliveries),
  replayed(KEPT_BLOBS_STREAM, keptBlobs, DAMAGES),
  replayed(ATTACHMENTS_STREAM, keptBlobs, DAMAGES),
  replayed(LEDGER_STREAM, verification, statedOfVerification),
  replayed(LEDGER_STREAM_AFTER_DAMAGE, verification, statedOfVerification),
  replayed(RECORD_COPIES_STREAM, recordCopies, { RecordCopied: null }),
  replayed(WATCH_LIST_STREAM, watchList, {
    SnapWatched: null,
    SnapUnwatched: null,
    WatchedSnapIdentified: null,
    SnapAskedFor: null,
  }),
  replayed('upstream-snap/', upstreamSnap, statedOfUpstreamSnap),
  replayed('sync/', sync, {
    SyncRequested: null,
    SyncStarted: null,
    SyncProgressed: null,
    SyncCompleted: null,
  }),
];

/** @throws Error for a stream of a later release */
export function kindOf(stream: string): ReplayedKind {
  const kind = REPLAYED_KINDS.find(({ streams }) =>
    streams.endsWith('/') ? stream.startsWith(streams) : stream === streams,
  );
  if (kind) return kind;
  throw new Error(
    `the stream ${stream} is not known to this release; run the release that wrote it, or a later one`,
  );
}
