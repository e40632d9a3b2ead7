/**
 * What people ask to be told of, and the events that answer. A type that comes later joins the topic that it belongs to; the page of events has each.
 */
export const TOPICS = {
  'waiting-for-signatures': [
    'ArtefactsCaptured',
    'ChangeReviewed',
    'ApprovalSigned',
    'ApprovalVoided',
    'TicketStateReported',
    'EmergencyReleased',
    'RatificationSigned',
    'TemplateDidNotApply',
    'RoleRequested',
    'ResetRequested',
    'IdentityReferenceRequested',
    'SamePersonRequested',
    'SamePersonRevocationRequested',
    'AdminRecoveryRequested',
    'SettingRequested',
    'ReviewSigned',
  ],
  reviews: [
    'ReviewSigned',
    'ReviewCompleted',
    'TrailReviewRefused',
    'NextReviewOverdue',
    'FirstReviewOverdue',
    'DeviationClosed',
    'DeviationEscalated',
  ],
  halts: ['RingHalted', 'SnapHalted', 'RingResumed', 'SnapResumed'],
  'standard-changes': ['TemplateSet', 'TemplateWithdrawn', 'TemplateUsed', 'TemplateDidNotApply'],
  'failed-changes': [
    'CaptureRefused',
    'ChangeBecameStale',
    'ChangeRejected',
    'RatificationRefused',
    'VerificationFailed',
    'ChangeExpired',
    'ChangeRecalled',
    'PlanStopped',
  ],
  holds: ['HoldReminded', 'HoldExpired', 'HoldOverdueForReview'],
  alarms: [
    'HoldExpired',
    'ChannelClosed',
    'RevisionVanished',
    'DeclarationRevoked',
    'PublisherChanged',
    'SigningKeysChanged',
    'SnapBlocked',
    'NodeFellSilent',
    'NodeKeyEnding',
    'NodeKeyEnded',
    'NodeForkSeen',
    'NodeGapSeen',
    'KeptBlobDamaged',
    'LedgerVerificationFailed',
    'LedgerVerificationRecovered',
    'CheckpointSigningFailed',
    'CheckpointSigningResumed',
    'TimeSynchronisationLost',
    'ClockStepped',
    'ClockBehindHistory',
    'PersonLockedOut',
    'AdminRecoveryRequested',
    'AdminRecovered',
    'ApprovalVoided',
    'IdentityReferenceContested',
    'SamePersonDeclared',
    'SamePersonRevoked',
    'TicketMessageRefused',
    'CredentialTamperingFound',
    'EmergencyReleased',
    'RatificationRefused',
    // By the worker too: an emergency that was not ratified in time.
    'RingHalted',
    'SnapHalted',
    'SecurityKeyCountWentBack',
    'SingleSignOnRefused',
    'SinkAdded',
    'SinkChanged',
    'SinkRemoved',
    'SinkPaused',
    'SinkResumed',
    'SinkFailing',
    'SinkRecovered',
  ],
} as const;

export type Topic = keyof typeof TOPICS;
/** A type of event that is in a topic. */
export type ToldType = (typeof TOPICS)[Topic][number];
const TOLD: ReadonlySet<string> = new Set(Object.values(TOPICS).flat());

export function isTold(type: string): type is ToldType {
  return TOLD.has(type);
}

export const TOPIC_NAMES = Object.keys(TOPICS) as readonly Topic[];

/** Which events a sink is told of. Both empty: of every one. */
export interface Filter {
  readonly about: readonly Topic[];
  /** Types of events, beside those of the topics. */
  readonly types: readonly string[];
}

export function isAbout({ about, types }: Filter, type: string): boolean {
  if (about.length === 0 && types.length === 0) return true;
  return types.includes(type) || about.some((topic) => (TOPICS[topic] as readonly string[]).includes(type));
}
