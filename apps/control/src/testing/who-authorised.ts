import type { EventEnvelope } from '#kernel';

/** Where an event says who authorised what it says (R03): a sentence, whether this one does, and the types of events that say it so. */
interface Authorised {
  readonly where: string;
  readonly isSaid: (envelope: EventEnvelope) => boolean;
  readonly types: readonly string[];
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);
const isPerson = ({ actor }: EventEnvelope) => actor.kind === 'person';
const isInSetUp = ({ actor }: EventEnvelope) =>
  (actor.kind === 'service' && actor.id === 'host' && actor.for === 'commissioning') ||
  (actor.kind === 'person' && actor.auth === 'commissioning');

/** Every type of event is in one of these. */
export const WHO_AUTHORISED: readonly Authorised[] = [
  {
    where: 'in authorisedBy: the approvals, or the release, under which the worker did it',
    isSaid: ({ authorisedBy }) => authorisedBy.length > 0,
    types:
      words(`OverrideSet OverrideRemoved AccessPolicySet SnapDenied SnapAllowed SnapUnlisted PublisherChangesSet SnapUnblocked
      ApprovalPolicySet EmergencyApplied RingResumed SnapResumed MembershipRuleSet MembershipRuleRemoved TemplateSet TemplateUsed ApprovedByTemplate
      ChangeApplied ChangeStarted ChangeDeferred StageStarted StageDeferred StageApplied`),
  },
  {
    where:
      'in the actor: a person, or the owner of a token, by a role of that moment, which the decider asks for',
    isSaid: ({ actor }) =>
      (actor.kind === 'person' && actor.roles.length > 0) ||
      (actor.kind === 'token' && actor.owner.roles.length > 0),
    types:
      words(`CommissioningClosed PersonDisabled AdminRemovalReserved EnrolmentRenewed ResetRequested RoleRequested RoleRevoked SingleSignOnRequested SingleSignOnRemoved
      SamePersonRequested SamePersonRevocationRequested IdentityReferenceRequested IdentityReferenceClaimed
      IdentityReferenceContested
      TrainingRecorded TokenIssued TokenRevoked SubmissionClaimed ChangeDrafted ChangeSubmitted ChangeHandedOver ChangeWithdrawn ChangeRevised
      ChangeCommented AttachmentAdded ChangeVerified VerificationFailed ChangeClosed StageVerified HoldTermsSet HoldEvaluated SnapHalted TemplateWithdrawn
      ReviewOpened RightsDecided FindingRecorded DeviationClosed ReviewWithdrawn TrailReviewRefused RingCreated DeviceListImported NodeInvited NodeRetired
      SyncRequested SnapWatched SnapUnwatched SecretRevealed SettingRequested SettingRequestWithdrawn MailAddressSet
      SinkAdded SinkChanged SinkRemoved SinkPaused SinkResumed SinkReplayAsked RecordCopied`),
  },
  {
    where:
      'in the signature: its signer, who is the actor, with what was proved and the roles that were signed in',
    isSaid: (envelope) => isPerson(envelope) && 'signature' in (envelope.data as object),
    types:
      words(`ChangeAuthored ChangeReviewed ApprovalSigned TemplateUseSigned ChangeApproved ChangeRejected StageSigned StageReviewed EmergencyReleased RatificationSigned EmergencyRatified
      RatificationRefused ReviewSigned ReviewCompleted`),
  },
  {
    where: 'in requestedBy and the actor: who asked, and the second person, who confirmed',
    isSaid: (envelope) => isPerson(envelope) && 'requestedBy' in (envelope.data as object),
    types: words(
      'PersonReset AdminRecoveryRequested AdminRecovered SingleSignOnBound SamePersonDeclared SamePersonRevoked IdentityReferenceRecorded',
    ),
  },
  {
    where:
      'in the actor, an admin or operator; of what takes two people also in requestedBy; of the first admin it is the start of the site',
    isSaid: (envelope) =>
      isInSetUp(envelope) || (envelope.actor.kind === 'person' && envelope.actor.roles.length > 0),
    types: words('PersonEnrolled LoginReserved RoleGranted SettingChanged'),
  },
  {
    where: 'by nobody else: what a person proves themself with is theirs alone, and they proved it',
    isSaid: isPerson,
    types:
      words(`PasswordSet PasswordChanged SecondFactorOffered SecondFactorEnrolled SecondFactorRemoved SecurityKeyOffered SecurityKeyEnrolled
      SecurityKeyRemoved SecurityKeyClaimed SingleSignOnClaimed PersonReauthenticated SignedIn SignedOut`),
  },
  {
    where:
      'a person by the role operator, or the worker for the request that was released and not ratified, which it names',
    isSaid: ({ actor, data }) =>
      (actor.kind === 'person' && actor.roles.length > 0) || 'unratified' in (data as object),
    types: ['RingHalted'],
  },
  {
    where:
      'in the actor, a person, or of a ticket that was turned down the system of it, which the event names',
    isSaid: ({ actor, data }) => actor.kind === 'person' || 'ticket' in (data as object),
    types: ['ChangeRecalled'],
  },
  {
    where:
      'in what the service acts for: it is a finding, or what follows from a record that is named there, and changes nothing that a person decides on',
    isSaid: ({ actor }) => actor.kind === 'service' && actor.for !== '',
    types:
      words(`SiteFounded SiteRestored RollbackAcknowledged CertificateImported CertificateRemoved StoreRegistered RegistrationRemoved
      ArtefactsCaptured TemplateDidNotApply CaptureRefused ChangeBecameStale ChangeExpired ChangeSuperseded PlanStopped ApprovalVoided TicketStateReported TicketMessageRefused
      DueNoted DueDropped HoldReminded HoldExpired HoldOverdueForReview SnapBlocked NextReviewOverdue FirstReviewOverdue DeviationEscalated
      SessionTimedOut SignInFailed PersonLockedOut CredentialTamperingFound SecurityKeyCountWentBack SecurityKeyClaimContested SingleSignOnClaimContested
      SingleSignOnRefused NodeEnrolled NodeKeyRenewed NodeKeyEnding NodeKeyEnded NodeHeardFrom NodeFellSilent NodeCameBack NodeForkSeen NodeGapSeen
      DeliveriesRecorded SyncStarted SyncProgressed SyncCompleted SnapAskedFor WatchedSnapIdentified
      SnapFirstSeen ChannelsListed ChannelReleased ChannelClosed RevisionSeen RevisionVanished RevisionReturned DeclarationChanged DeclarationRevoked
      PublisherChanged SigningKeysChanged SnapRenamed ObservationFailed ObservationRecovered KeptBlobDamaged KeptBlobRestored
      SinkFailing SinkRecovered LedgerVerified LedgerVerificationFailed LedgerVerificationRecovered
      CheckpointSigningFailed CheckpointSigningResumed TimeSynchronisationNoted TimeSynchronisationLost ClockStepped ClockBehindHistory`),
  },
];
