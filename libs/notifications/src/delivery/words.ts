import { actorName, type EventEnvelope } from '#kernel';

/** What has happened, for people: of the events that they ask to be told of. */
const HEADLINES: Readonly<Record<string, string>> = {
  ArtefactsCaptured: 'waits for signatures',
  ApprovalSigned: 'was signed, and waits for more signatures',
  CaptureRefused: 'could not be captured',
  ChangeBecameStale: 'is stale: what it would change has changed meanwhile',
  ChangeRejected: 'was rejected',
  RingHalted: 'is halted',
  SnapHalted: 'has a snap that is halted',
  RingResumed: 'goes on after a halt',
  SnapResumed: 'has a snap that goes on after a halt',
  SnapBlocked: 'blocks a snap',
  HoldReminded: 'has a hold whose time is nearly over',
  HoldExpired: 'has a hold whose time is over; it stays',
  NodeFellSilent: 'is not heard of any more',
  NodeForkSeen: 'has a key that two hold',
  NodeGapSeen: 'handed over records whose predecessors are missing',
  PersonLockedOut: 'is locked out after wrong passwords',
  CredentialTamperingFound: 'has a credential that somebody altered',
  KeptBlobDamaged: 'have one that is damaged',
  SinkFailing: 'have one that takes nothing',
  SinkRecovered: 'have one that takes events again',
};

/** In one line, of plain characters: whoever wrote a name or a reason is not to write a header. */
export function headline({ type, stream }: EventEnvelope): string {
  return oneLine(`${stream} ${HEADLINES[type] ?? type}`, 200);
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
