import { actorName, type EventEnvelope } from '#kernel';
import { SECTIONS, type PeriodicLine, type Section } from './content.js';

/** The sections that are no list of events of some types. */
const OTHERWISE = ['changes', 'deviations'] as const satisfies readonly Section[];

/**
 * Which events a periodic review lists one by one, and where (R36). Of change requests the last event is listed, each once; of deviations, also of earlier periods, those that were
 * open at the end.
 */
export const LISTED: Readonly<Record<Exclude<Section, (typeof OTHERWISE)[number]>, readonly string[]>> = {
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
    'DeviationClosed',
    'DeviationEscalated',
  ],
};

const SECTION_OF = new Map<string, Section>(
  SECTIONS.flatMap((section) =>
    section === 'changes' || section === 'deviations'
      ? []
      : LISTED[section].map((type) => [type, section] as const),
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
 * @param deviations those that were open at its end
 */
export function periodicLines(
  listed: readonly Listable[],
  changes: readonly Listable[],
  deviations: readonly FoundDeviation[],
): readonly PeriodicLine[] {
  const lines = [
    ...changes.map((event) => lineOf('changes', event)),
    ...deviations.map(({ event, finding }) => lineOf('deviations', event, [`deviation ${finding}`])),
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

/** Which events say what deviations there are, and whether they are open. */
export const DEVIATION_TYPES: readonly string[] = ['FindingRecorded', 'DeviationClosed'];

export interface FoundDeviation {
  readonly event: Listable;
  /** Its number among the findings of its review, counted from 1. */
  readonly finding: number;
}

/**
 * Those that nobody had closed by then. A finding has the number of its place in its review's history, whatever its time is: clocks are set back.
 * @param events all of {@link DEVIATION_TYPES}, in the order of the history
 * @param to RFC 3339, UTC: what came then, or later, does not count
 */
export function openDeviations(events: readonly Listable[], to: string): readonly FoundDeviation[] {
  const open = new Map<string, FoundDeviation>();
  const found = new Map<string, number>();
  for (const event of events) {
    const { stream, type } = event;
    const data = membersOf(event.data);
    if (type === 'DeviationClosed' && event.at < to) open.delete(`${stream} ${String(data['finding'])}`);
    if (type !== 'FindingRecorded') continue;
    const finding = (found.get(stream) ?? 0) + 1;
    found.set(stream, finding);
    if (event.at < to && membersOf(data['finding'])['kind'] === 'deviation')
      open.set(`${stream} ${finding}`, { event, finding });
  }
  return [...open.values()];
}

function lineOf(
  section: Section,
  { position, at, type, stream, actor, reason, data }: Listable,
  facts: readonly string[] = [],
): PeriodicLine {
  const text = [...facts, ...factsOf(data), `${reason.code}: ${shortened(reason.text)}`].join('; ');
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
  'finding',
  'ticket',
  'due',
  'text',
] as const;

function membersOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {};
}

function factsOf(data: unknown): string[] {
  const members = membersOf(data);
  const finding = members['finding'];
  if (typeof finding === 'object') return factsOf(finding);
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
