import { actorName, type EventEnvelope } from '#kernel';
import { isTold, type ToldType } from '../domain/sinks/topics.js';

/** What has happened, for people, behind the stream's name: of every event that they ask to be told of. */
const HEADLINES: Readonly<Record<ToldType, string>> = {
  ArtefactsCaptured: 'waits for signatures',
  ChangeReviewed: 'was reviewed, and waits for more signatures',
  ApprovalSigned: 'was signed, and waits for more signatures',
  ApprovalVoided: 'is not approved any more: one person signed it as two, and it waits for signatures again',
  TicketStateReported: 'has word of its ticket',
  EmergencyReleased: 'is released in an emergency, and waits for its ratification',
  RatificationSigned: 'waits for more signatures of its ratification',
  TemplateDidNotApply: 'waits for signatures: it does not take effect by its template',
  TemplateSet: 'has a template by which standard changes take effect',
  TemplateWithdrawn: 'has a template that was withdrawn',
  TemplateUsed: 'has a change that took effect by a template',
  RoleRequested: 'waits for a second person to confirm a role',
  ResetRequested: 'waits for a second person to confirm a reset, or an enrolment',
  IdentityReferenceRequested: 'waits for a second person to say their identity reference',
  IdentityReferenceContested: 'was to be given to a second account',
  SamePersonRequested:
    "has two accounts that are to be declared one person's, as a second person has to confirm",
  SamePersonRevocationRequested:
    "has two accounts that are not to be one person's any more, as a second person has to confirm",
  SamePersonDeclared: "has two accounts that were declared one person's",
  SamePersonRevoked: "has two accounts that are not one person's any more",
  AdminRecoveryRequested: 'is to be recovered as an admin, on the host: who can act as admin signs in now',
  AdminRecovered: 'was recovered as an admin, on the host',
  SettingRequested: 'have one that waits for a second person to confirm it',
  CaptureRefused: 'could not be captured',
  ChangeBecameStale: 'is stale: what it would change has changed meanwhile',
  ChangeRejected: 'was rejected',
  RatificationRefused: 'was released in an emergency, and is not ratified',
  VerificationFailed: 'does not do what it was approved for',
  ChangeExpired: 'is expired: its latest time passed before it was in force',
  ChangeRecalled: 'was recalled after it was approved',
  PlanStopped: 'is a plan that goes no further: what is in force stays so',
  RingHalted: 'is halted',
  SnapHalted: 'has a snap that is halted',
  RingResumed: 'goes on after a halt',
  SnapResumed: 'has a snap that goes on after a halt',
  HoldReminded: 'has a hold whose time is nearly over',
  HoldOverdueForReview: 'has a hold that is older than upstream for too long, and waits to be evaluated',
  HoldExpired: 'has a hold whose time is over',
  ChannelClosed: 'has a channel that was closed',
  RevisionVanished: 'has a revision that is not given out any more',
  DeclarationRevoked: 'has a declaration that was revoked',
  PublisherChanged: 'belongs to another account',
  SigningKeysChanged: 'is signed with other keys',
  SnapBlocked: 'blocks a snap',
  NodeFellSilent: 'is not heard of any more',
  NodeKeyEnding: 'has a key that ends soon, and has made no new one',
  NodeKeyEnded: 'has a key that has ended: nothing of it is taken',
  NodeForkSeen: 'has a key that two hold',
  NodeGapSeen: 'handed over records whose predecessors are missing',
  LedgerVerificationFailed: 'does not verify: ledger and events do not agree',
  LedgerVerificationRecovered: 'verifies again: ledger and events agree',
  CheckpointSigningFailed: 'is not being signed: what happens is not sealed',
  CheckpointSigningResumed: 'is being signed again',
  KeptBlobDamaged: 'have one that is damaged',
  TimeSynchronisationLost: 'follows no time server any more',
  ClockStepped: 'was set',
  ClockBehindHistory:
    'is behind the newest event: it was set back, or that event is of a clock that was ahead',
  PersonLockedOut: 'is locked out after wrong passwords',
  TicketMessageRefused: 'have one in the name of a ticket system that was refused',
  CredentialTamperingFound: 'has a credential that somebody altered',
  SecurityKeyCountWentBack: 'has a security key of which there may be two',
  ReviewSigned: 'is signed, and waits for the signature of somebody else',
  ReviewCompleted: 'is signed and complete',
  TrailReviewRefused: 'was to be signed by somebody who acted in what it is about; refused',
  NextReviewOverdue: 'is the last of its kind, and the next one is overdue',
  DeviationClosed: 'has a deviation that was closed',
  DeviationEscalated: 'has a deviation that was to be closed, and is open',
  FirstReviewOverdue: 'have a kind that is overdue: none of it was ever completed',
  SingleSignOnRefused: 'have one: an answer in the name of the identity provider does not count',
  SinkAdded: 'have a new one',
  SinkChanged: 'have one that was changed',
  SinkRemoved: 'have one that was removed',
  SinkPaused: 'have one that is paused',
  SinkResumed: 'have one that was resumed',
  SinkFailing: 'have one that takes nothing',
  SinkRecovered: 'have one that takes events again',
};

/** In one line, of plain characters: whoever wrote a name or a reason is not to write a header. */
export function headline({ type, stream }: EventEnvelope): string {
  return oneLine(`${stream} ${isTold(type) ? HEADLINES[type] : type}`, 200);
}

/** Control characters, line breaks and the like become spaces. */
export function oneLine(text: string, longest: number): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return plain.length > longest ? `${plain.slice(0, longest - 1).toWellFormed()}…` : plain;
}

export function who({ actor }: EventEnvelope): string {
  return oneLine(actorName(actor), 200);
}

export function why({ reason }: EventEnvelope): string {
  const { code, text, ticket } = reason;
  return oneLine(`${code}: ${text}${ticket === undefined ? '' : ` (${ticket})`}`, 1_000);
}

/** Whether an event is a part of a fact that a later one of the same append completes. */
export function isIncomplete({ data }: EventEnvelope): boolean {
  const part: unknown =
    typeof data === 'object' && data !== null && 'part' in data ? data['part'] : undefined;
  return Array.isArray(part) && part[0] !== part[1];
}
