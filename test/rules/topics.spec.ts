import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TOPICS } from '#notifications/domain/sinks/topics';

/** What people are told of only when they ask for the type itself: the usual course of things, and what another event of a topic says. */
const LEFT_OUT = new Set([
  'SiteFounded',
  'CommissioningClosed',
  'LoginReserved',
  'PersonEnrolled',
  'EnrolmentRenewed',
  'PasswordSet',
  'PasswordChanged',
  'PersonReset',
  'IdentityReferenceClaimed',
  'IdentityReferenceRecorded',
  'RoleGranted',
  'RoleRevoked',
  'PersonDisabled',
  'AdminRemovalReserved',
  'SecondFactorOffered',
  'SecondFactorEnrolled',
  'SecondFactorRemoved',
  'SecurityKeyOffered',
  'SecurityKeyEnrolled',
  'SecurityKeyRemoved',
  'SingleSignOnRequested',
  'SingleSignOnBound',
  'SingleSignOnRemoved',
  'SingleSignOnClaimed',
  'SingleSignOnClaimContested',
  'PersonReauthenticated',
  'SignedIn',
  'SignedOut',
  'SessionTimedOut',
  'SignInFailed',
  'SecurityKeyClaimed',
  'SecurityKeyClaimContested',
  'TrainingRecorded',
  'TokenIssued',
  'TokenRevoked',
  'SubmissionClaimed',
  'ChangeDrafted',
  'ChangeRevised',
  'ChangeSuperseded',
  'ChangeCommented',
  'AttachmentAdded',
  'SettingRequestWithdrawn',
  'ChangeAuthored',
  'ChangeSubmitted',
  'ChangeApproved',
  'TemplateUseSigned',
  'ApprovedByTemplate',
  'EmergencyRatified',
  'ChangeHandedOver',
  'ChangeWithdrawn',
  'ChangeStarted',
  'ChangeDeferred',
  'StageSigned',
  'StageReviewed',
  'StageStarted',
  'StageDeferred',
  'StageApplied',
  'StageVerified',
  'ChangeApplied',
  'ChangeVerified',
  'ChangeClosed',
  'DueNoted',
  'DueDropped',
  'RingCreated',
  'DeviceListImported',
  'MembershipRuleSet',
  'MembershipRuleRemoved',
  'OverrideSet',
  'OverrideRemoved',
  'AccessPolicySet',
  'SnapDenied',
  'SnapAllowed',
  'SnapUnlisted',
  'PublisherChangesSet',
  'SnapUnblocked',
  'ApprovalPolicySet',
  'EmergencyApplied',
  'HoldTermsSet',
  'HoldEvaluated',
  'KeptBlobRestored',
  'LedgerVerified',
  'TimeSynchronisationNoted',
  'RecordCopied',
  'SnapWatched',
  'SnapUnwatched',
  'WatchedSnapIdentified',
  'SnapAskedFor',
  'SnapFirstSeen',
  'ChannelsListed',
  'ChannelReleased',
  'RevisionSeen',
  'RevisionReturned',
  'DeclarationChanged',
  'SnapRenamed',
  'ObservationFailed',
  'ObservationRecovered',
  'NodeInvited',
  'NodeEnrolled',
  'NodeKeyRenewed',
  'NodeHeardFrom',
  'NodeCameBack',
  'NodeRetired',
  'DeliveriesRecorded',
  'SyncRequested',
  'SyncStarted',
  'SyncProgressed',
  'SyncCompleted',
  'CertificateImported',
  'CertificateRemoved',
  'StoreRegistered',
  'RegistrationRemoved',
  'SettingChanged',
  'SecretRevealed',
  'SinkReplayAsked',
  'MailAddressSet',
  'ReviewOpened',
  'RightsDecided',
  'FindingRecorded',
  'ReviewWithdrawn',
  'SiteRestored',
  'RollbackAcknowledged',
]);

it('every event is in a topic, or left out on purpose', () => {
  const rows = readFileSync('docs/reference/events.md', 'utf8')
    .split('\n')
    .filter((line) => /^\|.*\|.*\|.*\|$/.test(line))
    .slice(2);
  const all = new Set(
    rows.flatMap((row) =>
      [...(row.split('|')[2] ?? '').matchAll(/`([A-Z]\w+)`/g)].map(([, type = '']) => type),
    ),
  );
  const told = new Set<string>(Object.values(TOPICS).flat());
  expect([...told].filter((type) => !all.has(type))).toEqual([]);
  expect([...all].filter((type) => told.has(type) === LEFT_OUT.has(type))).toEqual([]);
});

it.each([
  'PersonLockedOut',
  'CredentialTamperingFound',
  'SecurityKeyCountWentBack',
  'KeptBlobDamaged',
  'LedgerVerificationFailed',
  'CheckpointSigningFailed',
  'NodeForkSeen',
  'NodeGapSeen',
  'NodeFellSilent',
  'SinkFailing',
])('R39: %s, of unauthorised access or of damage, is an alarm', (type) => {
  expect(TOPICS.alarms).toContain(type);
});

it('R16: that a deviation is open though it was to be closed is told to who is told of reviews', () => {
  expect(TOPICS.reviews).toContain('DeviationEscalated');
});

it.each(['RingHalted', 'SnapHalted'])(
  '%s is an alarm: an emergency that is not ratified in time halts its ring',
  (type) => {
    expect(TOPICS.alarms).toContain(type);
    expect(TOPICS.halts).toContain(type);
  },
);
