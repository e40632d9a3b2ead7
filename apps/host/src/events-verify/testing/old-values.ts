import type { DomainEvent } from '#kernel';
import type { UpstreamSnapEvent } from '#catalog/domain/upstream-snap/events';
import type { DeliveriesRecorded } from '#fleet/domain/deliveries/deliveries';
import type { NodeEvent } from '#fleet/domain/node/events';
import type { MailAddressSet } from '#notifications/domain/mail-addresses/mail-addresses';
import type { VerificationEvent } from '#ledger/domain/verification/events';
import type { SinksEvent } from '#notifications/domain/sinks/events';
import { BUILT_IN_POLICY, rulesOf } from '#release-control/domain/approval-policy/approval-policy';
import * as plan from '#release-control/domain/change-request/testing/one-plan';
import * as request from '#release-control/domain/change-request/testing/one-request';
import type { ChangeRequestEvent } from '#release-control/domain/change-request/events';
import { ref, template } from '#release-control/domain/change-request/testing/a-standard-change';
import type { HoldsEvent } from '#release-control/domain/holds/holds';
import type { Halt, ReleasePolicyEvent } from '#release-control/domain/release-policy/events';
import type { ClockEvent } from '#site/domain/clock';
import type { CertificateImported, CertificateRemoved } from '#site/domain/certificate';
import type { RegistrationRemoved, StoreRegistered } from '#site/domain/registration';
import type { SettingsEvent } from '#site/domain/settings/settings';
import { asked, at, digest, later, OF_A_PERSON } from './old-values-of-a-person.js';

const snap = { format: 'snap', subject: 'labhelloidlabhelloidlabhelloid01' };
const target = { ...snap, channel: 'latest/stable', architecture: 'amd64' };
const [one, two] = [
  { version: '1', manifest: digest },
  { version: '2', manifest: 'b'.repeat(64) },
];
const name = 'lab-hello';
const changeRequest = 'CR-2026-0001';
const halt: Halt = { id: 'halt-1', at, by: 'Olga', why: 'line 3 stands still' };
const rules = rulesOf(BUILT_IN_POLICY);
const stricter = { ...rules, default: { approvals: 2, roles: { approver: 2 }, order: 'any' } } as const;
const because = { event: 'event-1', type: 'PublisherChanged', at };
const members = { of: 'serial', brand: 'acme', model: 'box', serial: '1' } as const;

const ofPolicy: ReleasePolicyEvent[] = [
  { type: 'OverrideSet', data: { target, name, old: null, new: one, changeRequest } },
  { type: 'OverrideSet', data: { target, name, old: one, new: two, changeRequest } },
  { type: 'OverrideRemoved', data: { target, name, old: two, new: null, changeRequest } },
  { type: 'AccessPolicySet', data: { old: 'open', new: 'gated', changeRequest } },
  { type: 'SnapDenied', data: { ...snap, name, old: null, new: 'denied', changeRequest } },
  { type: 'SnapAllowed', data: { ...snap, name, old: 'denied', new: 'allowed', changeRequest } },
  { type: 'SnapUnlisted', data: { ...snap, name, old: 'allowed', new: null, changeRequest } },
  { type: 'PublisherChangesSet', data: { old: 'keep', new: 'block', at, changeRequest } },
  { type: 'SnapBlocked', data: { ...snap, name, old: null, new: 'blocked', because, changeRequest } },
  { type: 'SnapUnblocked', data: { ...snap, name, old: 'blocked', new: null, changeRequest } },
  { type: 'ApprovalPolicySet', data: { old: rules, new: stricter, version: 1, changeRequest } },
  { type: 'RingHalted', data: { halt, old: [], new: ['halt-1'] } },
  { type: 'RingResumed', data: { old: ['halt-1'], new: [], changeRequest } },
  { type: 'SnapHalted', data: { ...snap, name, halt, old: [], new: ['halt-1'] } },
  { type: 'SnapResumed', data: { ...snap, name, old: ['halt-1'], new: [], changeRequest } },
  {
    type: 'MembershipRuleSet',
    data: { name: 'serial acme/box/1', old: null, new: members, changeRequest },
  },
  {
    type: 'MembershipRuleRemoved',
    data: { name: 'serial acme/box/1', old: members, new: null, changeRequest },
  },
  {
    type: 'TemplateSet',
    data: { ...ref, version: 1, old: null, new: template, approvedBy: [], changeRequest },
  },
  { type: 'TemplateWithdrawn', data: { ...ref, version: 1, old: template, new: null, by: request.author } },
];

const terms = { owner: 'ana', risk: 'no CVE concerns what it does here', expiresAt: later };
const ofHolds: HoldsEvent[] = [
  { type: 'HoldTermsSet', data: { target, name, version: '1', old: null, new: terms } },
  {
    type: 'HoldTermsSet',
    data: { target, name, version: '1', old: terms, new: { ...terms, expiresAt: null } },
  },
];

const ended: Readonly<Record<string, readonly ChangeRequestEvent[]>> = {
  'CR-2026-0001': [
    request.drafted,
    {
      type: 'ChangeHandedOver',
      data: { old: request.author, new: { id: 'id-of-Fay', name: 'Fay' } },
    },
    {
      type: 'ChangeRevised',
      data: { revision: 2, from: 'drafted', reason: request.ana.reason, items: [request.item] },
    },
    { type: 'ChangeSuperseded', data: { from: 'drafted', by: 'CR-2026-0002' } },
  ],
  'CR-2026-0002': [request.drafted, request.submitted, request.captured, request.withdrawn],
  'CR-2026-0003': [
    request.draftedForNight,
    request.submitted,
    request.captured,
    request.approved,
    request.expired,
  ],
  'CR-2026-0004': [
    request.drafted,
    request.submitted,
    request.captured,
    request.approved,
    { type: 'ApprovalVoided', data: { from: 'approved', missing: ['1 more signature'], notCounted: [] } },
    request.approved,
    request.recalled,
  ],
  'CR-2026-0005': [request.drafted, request.submitted, request.captured, request.approved, request.stale],
  'CR-2026-0006': [
    ...plan.rollingOut,
    {
      type: 'PlanStopped',
      data: {
        stage: 2,
        ring: 'pilot',
        because: 'policy-moved',
        mismatches: [{ target: request.change.target, expected: null, found: two }],
      },
    },
  ],
};

const keyTerms = { keyDays: 365, keyExpiresAt: later };
const ofNode: NodeEvent[] = [
  { type: 'NodeInvited', data: { tokenDigest: digest, expiresAt: later } },
  { type: 'NodeEnrolled', data: { publicKey: 'one', tokenDigest: digest, ...keyTerms } },
  { type: 'NodeKeyEnding', data: { publicKey: 'one', keyExpiresAt: later } },
  { type: 'NodeKeyEnded', data: { publicKey: 'one', keyExpiresAt: later } },
  { type: 'NodeKeyRenewed', data: { publicKey: 'two', old: 'one', tokenDigest: null, ...keyTerms } },
  { type: 'NodeRetired', data: { publicKey: 'two' } },
];
const batch = { node: 'cellar', signature: 'c2ln', at, records: [] };
const ofDeliveries: DeliveriesRecorded[] = [
  { type: 'DeliveriesRecorded', data: { ...batch, batch: '1', previous: '0'.repeat(64), digest } },
  { type: 'DeliveriesRecorded', data: { ...batch, batch: '2', previous: digest, digest: 'b'.repeat(64) } },
];

const declaration = { revision: 1, sha256: digest, revoked: false };
const revoked = { revision: 2, sha256: 'b'.repeat(64), revoked: true };
const released = { revision: 1, version: '1.0', releasedAt: at };
const place = { channel: 'latest/stable', architecture: 'amd64' };
const firstSeen = { snapId: snap.subject, name, publisher: 'acme', signingKeys: ['key-1'] };
const ofUpstream: UpstreamSnapEvent[] = [
  { type: 'SnapFirstSeen', data: { ...firstSeen, declaration } },
  { type: 'ChannelReleased', data: { ...place, old: null, new: released } },
  { type: 'ChannelReleased', data: { ...place, old: released, new: { ...released, revision: 2 } } },
  { type: 'ChannelClosed', data: { ...place, old: { ...released, revision: 2 } } },
  {
    type: 'DeclarationChanged',
    data: { old: declaration, new: { ...declaration, sha256: 'c'.repeat(64) } },
  },
  { type: 'DeclarationRevoked', data: { old: { ...declaration, sha256: 'c'.repeat(64) }, new: revoked } },
  { type: 'PublisherChanged', data: { old: 'acme', new: 'other' } },
  { type: 'SigningKeysChanged', data: { old: ['key-1'], new: ['key-2'] } },
  { type: 'SnapRenamed', data: { old: name, new: 'lab-hi' } },
  { type: 'ObservationFailed', data: { code: 'broken-chain', message: 'it ends nowhere' } },
  { type: 'ObservationRecovered', data: { from: 'broken-chain' } },
];

const hmac = { hmacSha256: digest };
const ofSettings: SettingsEvent[] = [
  { type: 'SettingChanged', data: { key: 'cache-size', old: null, new: '8G' } },
  { type: 'SettingChanged', data: { key: 'cache-size', old: '8G', new: null } },
  { type: 'SettingChanged', data: { key: 'forward-proxy-credentials', old: null, new: hmac } },
  { type: 'SecretRevealed', data: { key: 'forward-proxy-credentials', digest: hmac } },
  { type: 'SettingRequested', data: { key: 'training', old: null, new: 'required', ...asked } },
  { type: 'SettingRequestWithdrawn', data: { key: 'training', requested: 'required' } },
];

const machine = { server: 'worker', host: 'alpha', at };
const follows = { state: 'synchronised', source: 'chrony' } as const;
const alone = { state: 'not-synchronised', source: 'chrony' } as const;
const ofClock: ClockEvent[] = [
  { type: 'TimeSynchronisationNoted', data: { ...machine, old: null, new: follows } },
  { type: 'TimeSynchronisationLost', data: { ...machine, old: follows, new: alone } },
];

const verified = { at, entries: '40', root: 'cm9vdA==', seconds: 1 };
const finding = {
  check: 'events',
  kind: 'differs',
  position: '7',
  says: 'the event at position 7 differs',
} as const;
const ofLedger: VerificationEvent[] = [
  { type: 'LedgerVerificationFailed', data: { at, findings: [finding], more: 0, seconds: 1 } },
  { type: 'LedgerVerificationRecovered', data: { ...verified, failedSince: at } },
];

const certificate = {
  subject: 'CN=site.example',
  issuer: 'CN=site.example',
  names: ['site.example'],
  serial: '01',
  notBefore: at,
  notAfter: later,
  sha256: digest,
};
const ofCertificate: (CertificateImported | CertificateRemoved)[] = [
  { type: 'CertificateImported', data: { old: null, new: certificate } },
  { type: 'CertificateRemoved', data: { old: certificate } },
];
const registration = {
  storeId: 'lab',
  operatorId: 'acme',
  url: 'http://site.example',
  revision: 1,
  sha256: digest,
};
const ofRegistration: (StoreRegistered | RegistrationRemoved)[] = [
  { type: 'StoreRegistered', data: { old: null, new: registration } },
  { type: 'RegistrationRemoved', data: { old: registration } },
];

const sink = {
  target: { kind: 'webhook', url: 'https://hooks.example/' },
  filter: { about: [], types: [] },
  secret: hmac,
  giveUpAfterHours: 24,
} as const;
const ofSinks: SinksEvent[] = [
  { type: 'SinkAdded', data: { name: 'board', new: sink, from: null } },
  { type: 'SinkFailing', data: { name: 'board', since: at, why: 'nobody answers' } },
  { type: 'SinkRecovered', data: { name: 'board', since: at } },
  { type: 'SinkChanged', data: { name: 'board', old: sink, new: { ...sink, giveUpAfterHours: 48 } } },
  { type: 'SinkRemoved', data: { name: 'board', old: { ...sink, giveUpAfterHours: 48 } } },
];
const ofMail: MailAddressSet[] = [
  { type: 'MailAddressSet', data: { login: 'ana', old: null, new: 'ana@site.example' } },
  { type: 'MailAddressSet', data: { login: 'ana', old: 'ana@site.example', new: null } },
];

/** By stream: histories in which every event that says what was before it says it rightly. */
export const RIGHT_HISTORIES: Readonly<Record<string, readonly DomainEvent[]>> = {
  'person/ana': OF_A_PERSON,
  'release-policy/default': ofPolicy,
  'holds/default': ofHolds,
  ...Object.fromEntries(Object.entries(ended).map(([id, events]) => [`change-request/${id}`, events])),
  'node/cellar': ofNode,
  'deliveries/cellar/0': ofDeliveries,
  [`upstream-snap/${snap.subject}`]: ofUpstream,
  settings: ofSettings,
  clock: ofClock,
  ledger: ofLedger,
  certificate: ofCertificate,
  registration: ofRegistration,
  'notification-sinks': ofSinks,
  'mail-addresses': ofMail,
};
