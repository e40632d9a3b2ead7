import assert from 'node:assert/strict';
import type { EventEnvelope } from '#kernel';
import type { Status } from './world.js';

/** What a request's own history says, whatever the product makes of it. */

interface Account {
  readonly id: string;
}
interface Data {
  readonly author: Account;
  readonly old: Account;
  readonly new: Account;
  readonly recordDigest: string;
  readonly stage: number;
  readonly window?: { readonly notBefore?: string };
}
const dataOf = ({ data }: EventEnvelope) => data as unknown as Data;

/** By the last event that says how it stands. */
const STANDS: Readonly<Record<string, Status>> = {
  ChangeDrafted: 'drafted',
  ChangeRevised: 'drafted',
  ChangeSubmitted: 'submitted',
  ArtefactsCaptured: 'captured',
  CaptureRefused: 'capture-refused',
  ApprovalSigned: 'in-review',
  ChangeApproved: 'approved',
  EmergencyReleased: 'released',
  ChangeApplied: 'effective',
  ChangeBecameStale: 'stale',
  ChangeVerified: 'verified',
  VerificationFailed: 'verification-failed',
  ChangeClosed: 'closed',
  ChangeRejected: 'rejected',
  ChangeWithdrawn: 'withdrawn',
  ChangeExpired: 'expired',
  ChangeSuperseded: 'superseded',
  PlanStopped: 'stopped',
  ChangeRecalled: 'recalled',
};

/** How a ratification stands, which goes on beside the status. */
const RATIFICATIONS: Readonly<Record<string, 'open' | 'ratified' | 'refused'>> = {
  RatificationSigned: 'open',
  EmergencyRatified: 'ratified',
  RatificationRefused: 'refused',
};
const BESIDE = new Set([
  'ChangeCommented',
  'ChangeHandedOver',
  'ChangeStarted',
  'StageSigned',
  'StageStarted',
  'StageVerified',
  ...Object.keys(RATIFICATIONS),
]);

/** @returns the status, or the type of an event that nobody expects here */
export function statusIn(history: readonly EventEnvelope[]): string {
  const last = history.findLast((event) => !BESIDE.has(event.type));
  if (last === undefined) return 'nothing';
  if (last.type === 'StageApplied') return dataOf(last).stage === 1 ? 'rolling-out' : 'effective';
  if (last.type === 'ChangeApproved' && last.at < earliestIn(history)) return 'scheduled';
  return STANDS[last.type] ?? last.type;
}

/** The earliest time that its author named last. */
function earliestIn(history: readonly EventEnvelope[]): string {
  const said = history.findLast(({ type }) => type === 'ChangeDrafted' || type === 'ChangeRevised');
  return (said && dataOf(said).window?.notBefore) ?? '';
}

export function ratificationIn(history: readonly EventEnvelope[]): 'open' | 'ratified' | 'refused' {
  const last = history.findLast(({ type }) => RATIFICATIONS[type] !== undefined)?.type ?? '';
  return RATIFICATIONS[last] ?? 'open';
}

/** What no author does with their own request. */
const DECIDED = [
  'ChangeReviewed',
  'ApprovalSigned',
  'ChangeApproved',
  'StageSigned',
  'ChangeRejected',
  'RatificationSigned',
  'EmergencyRatified',
  'RatificationRefused',
  'StageVerified',
  'ChangeVerified',
  'VerificationFailed',
  'ChangeClosed',
];
/** What nobody does with what they released. */
const JUDGED = DECIDED.slice(DECIDED.indexOf('RatificationSigned'));

/** By the id of an account, the person; of an account that nobody here has, the id. */
type PersonOf = (id: string) => string;

/** Nobody decided on their own work, nor judged what they released, nor closed what they verified. */
export function assertOthersDecided(history: readonly EventEnvelope[], person: PersonOf): void {
  const doersOf = (types: readonly string[]) =>
    history.filter(({ type }) => types.includes(type)).map(({ actor }) => person(actor.id));
  for (const author of authorsIn(history).map(person))
    assert.ok(!doersOf(DECIDED).includes(author), `${author} decided on their own`);
  for (const releaser of doersOf(['EmergencyReleased']))
    assert.ok(!doersOf(JUDGED).includes(releaser), `${releaser} judged what they released`);
  for (const verifier of doersOf(['StageVerified', 'ChangeVerified']))
    assert.ok(!doersOf(['ChangeClosed']).includes(verifier), `${verifier} closed it alone`);
}

/** Ids of whoever answered for it, the owner of a token among them. */
function authorsIn(history: readonly EventEnvelope[]): readonly string[] {
  return history.flatMap((event) => {
    const { author, old, new: next } = dataOf(event);
    if (event.type === 'ChangeDrafted') return [author.id];
    return event.type === 'ChangeHandedOver' ? [old.id, next.id] : [];
  });
}

/** The persons who signed what was captured last. */
export function personsWhoApproved(history: readonly EventEnvelope[], person: PersonOf): ReadonlySet<string> {
  const captured = history.findLastIndex(({ type }) => type === 'ArtefactsCaptured');
  const signed = history
    .slice(captured)
    .filter(({ type }) => type === 'ApprovalSigned' || type === 'ChangeApproved');
  return new Set(signed.map(({ actor }) => person(actor.id)));
}

/** The digests of what was captured, the newest first: what an approval is bound to. */
export function digestsIn(history: readonly EventEnvelope[]): readonly string[] {
  return history
    .flatMap((event) => (event.type === 'ArtefactsCaptured' ? [dataOf(event).recordDigest] : []))
    .toReversed();
}
