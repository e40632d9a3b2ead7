import { actorName, type EventEnvelope } from '#kernel';
import { SECTIONS, type PeriodicLine, type Section } from './content.js';

/** Which events a periodic review lists one by one, and where (R36). Of change requests the last event is listed, each once. */
export const LISTED: Readonly<Record<Exclude<Section, 'changes'>, readonly string[]>> = {
  emergencies: ['EmergencyReleased', 'EmergencyRatified', 'RatificationRefused'],
  halts: ['RingHalted', 'SnapHalted', 'RingResumed', 'SnapResumed'],
  failures: [
    'CaptureRefused',
    'ChangeBecameStale',
    'VerificationFailed',
    'ChangeRecalled',
    'ChangeExpired',
    'PlanStopped',
  ],
  incidents: [
    'DeclarationRevoked',
    'PublisherChanged',
    'SigningKeysChanged',
    'RevisionVanished',
    'SnapBlocked',
    'NodeFellSilent',
    'ObservationFailed',
    'SinkFailing',
    'TicketMessageRefused',
    'TimeSynchronisationLost',
    'ClockStepped',
    'ClockBehindHistory',
  ],
  'sign-ins': ['SignInFailed', 'PersonLockedOut', 'SecurityKeyCountWentBack', 'SingleSignOnRefused'],
  people: [
    'PersonEnrolled',
    'PersonDisabled',
    'PersonReset',
    'IdentityReferenceRecorded',
    'IdentityReferenceContested',
    'SamePersonDeclared',
    'SamePersonRevoked',
    'AdminRecoveryRequested',
    'AdminRecovered',
    'SecondFactorRemoved',
    'SecurityKeyRemoved',
    'SingleSignOnBound',
    'SingleSignOnRemoved',
    'TrainingRecorded',
    'RoleGranted',
    'RoleRevoked',
    'TokenIssued',
    'TokenRevoked',
  ],
  holds: ['HoldExpired', 'HoldOverdueForReview', 'HoldEvaluated'],
  restores: ['SiteRestored', 'RollbackAcknowledged'],
  integrity: [
    'CredentialTamperingFound',
    'KeptBlobDamaged',
    'KeptBlobRestored',
    'LedgerVerified',
    'LedgerVerificationFailed',
    'LedgerVerificationRecovered',
    'CheckpointSigningFailed',
    'CheckpointSigningResumed',
    'NodeForkSeen',
    'NodeGapSeen',
    'SecurityKeyClaimContested',
    'SingleSignOnClaimContested',
  ],
  configuration: [
    'AccessPolicySet',
    'ApprovalPolicySet',
    'CertificateImported',
    'CertificateRemoved',
    'CommissioningClosed',
    'DeviceListImported',
    'MembershipRuleRemoved',
    'MembershipRuleSet',
    'NodeEnrolled',
    'NodeRetired',
    'RecordCopied',
    'RegistrationRemoved',
    'RingCreated',
    'SecretRevealed',
    'SettingChanged',
    'SinkAdded',
    'SinkChanged',
    'SinkRemoved',
    'StoreRegistered',
    'TemplateSet',
    'TemplateWithdrawn',
  ],
  reviews: [
    'ReviewCompleted',
    'FindingRecorded',
    'TrailReviewRefused',
    'NextReviewOverdue',
    'FirstReviewOverdue',
  ],
};

const SECTION_OF = new Map<string, Section>(
  SECTIONS.flatMap((section) =>
    section === 'changes' ? [] : LISTED[section].map((type) => [type, section] as const),
  ),
);

/** All types that are listed one by one. */
export const LISTED_TYPES: readonly string[] = [...SECTION_OF.keys()];

/** An event with its place. */
export type Listable = Pick<EventEnvelope, 'at' | 'type' | 'stream' | 'actor' | 'reason' | 'data'> & {
  readonly position: string;
};

/**
 * A period as it is listed: by section, and by position within each.
 * @param listed events of the types that are listed @param changes the last event, in the period, of each change request
 */
export function periodicLines(
  listed: readonly Listable[],
  changes: readonly Listable[],
): readonly PeriodicLine[] {
  const lines = [
    ...changes.map((event) => lineOf('changes', event)),
    ...listed.flatMap((event) => {
      const section = SECTION_OF.get(event.type);
      return section === undefined ? [] : [lineOf(section, event)];
    }),
  ];
  return lines.sort((a, b) => {
    const order = SECTIONS.indexOf(a.section) - SECTIONS.indexOf(b.section);
    return order === 0 ? Number(BigInt(a.position) - BigInt(b.position)) : order;
  });
}

function lineOf(
  section: Section,
  { position, at, type, stream, actor, reason, data }: Listable,
): PeriodicLine {
  const text = [...factsOf(data), `${reason.code}: ${shortened(reason.text)}`].join('; ');
  return { section, position, at, type, about: stream, by: actorName(actor), text };
}

/** What an event says in a word or a number, and makes it understood without looking it up. */
const TOLD = [
  'login',
  'name',
  'role',
  'key',
  'ring',
  'snap',
  'failures',
  'until',
  'kind',
  'entries',
  'sealed',
  'says',
] as const;

function factsOf(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return [];
  const members = data as Record<string, unknown>;
  const finding = members['finding'];
  if (finding !== undefined) return factsOf(finding);
  const findings = members['findings'];
  // Of a verifier's: the first says enough, and all are in the trail.
  if (Array.isArray(findings))
    return [`findings ${findings.length + Number(members['more'])}`, ...factsOf(findings[0])];
  return TOLD.flatMap((name) => {
    const value = members[name];
    return typeof value === 'string' || typeof value === 'number'
      ? [`${name} ${shortened(String(value))}`]
      : [];
  });
}

/** Characters: the whole text is in the trail, at the line's position. */
const LONGEST = 200;

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1).toWellFormed()}…` : text;
}
