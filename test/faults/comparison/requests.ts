import type { Findings } from '../findings.js';
import type { Happened, History } from './history.js';
import { compareRatification, compareRings, ringsOf } from './longer-lives.js';

interface Step {
  readonly from: readonly string[];
  /** Undefined: how it stands is the same. */
  readonly to?: string;
}

const OPEN = ['drafted', 'submitted', 'capture-refused', 'captured', 'in-review'];
const IN_FORCE = ['effective', 'verified', 'verification-failed', 'closed'];
const ANY = [
  ...OPEN,
  ...IN_FORCE,
  'approved',
  'released',
  'rolling-out',
  'rejected',
  'withdrawn',
  'stale',
  'stopped',
];

/** The life of a change request, written down a second time: this comparison owes nothing to the product's own rules. */
const AFTER: Readonly<Record<string, Step>> = {
  ChangeDrafted: { from: ['none'], to: 'drafted' },
  ChangeSubmitted: { from: ['drafted', 'capture-refused'], to: 'submitted' },
  ArtefactsCaptured: { from: ['submitted'], to: 'captured' },
  CaptureRefused: { from: ['submitted'], to: 'capture-refused' },
  ChangeReviewed: { from: ['captured', 'in-review'], to: 'in-review' },
  ApprovalSigned: { from: ['captured', 'in-review'], to: 'in-review' },
  ChangeApproved: { from: ['captured', 'in-review'], to: 'approved' },
  ChangeRejected: { from: ['captured', 'in-review'], to: 'rejected' },
  ChangeWithdrawn: { from: OPEN, to: 'withdrawn' },
  ChangeRevised: { from: [...OPEN, 'rejected', 'stale'], to: 'drafted' },
  ChangeStarted: { from: ['approved'], to: 'approved' },
  ChangeApplied: { from: ['approved', 'released'], to: 'effective' },
  EmergencyReleased: { from: ['captured', 'in-review'], to: 'released' },
  RatificationSigned: { from: ['released', ...IN_FORCE] },
  EmergencyRatified: { from: ['released', ...IN_FORCE] },
  StageApplied: { from: ['approved', 'rolling-out'], to: 'rolling-out' },
  StageStarted: { from: ['rolling-out'] },
  StageDeferred: { from: ['rolling-out'] },
  StageVerified: { from: ['rolling-out'] },
  PlanStopped: { from: ['rolling-out'], to: 'stopped' },
  ChangeCommented: { from: ANY },
  AttachmentAdded: { from: ANY },
  ChangeHandedOver: { from: ANY },
  ChangeVerified: { from: ['effective'], to: 'verified' },
  VerificationFailed: { from: ['effective'], to: 'verification-failed' },
  ChangeClosed: { from: ['verified'], to: 'closed' },
  ChangeBecameStale: { from: ['approved', 'released'], to: 'stale' },
};

/** Of an event's data: whether it holds a whole list, or the last part of one. */
function endsList(data: unknown): boolean {
  const { part } = data as { readonly part?: readonly [index: number, count: number] };
  return part === undefined || part[0] === part[1];
}

/** Statuses in which somebody of the site, not a person, has to do something. */
const UNFINISHED = ['submitted', 'approved', 'released'];

/** How each request stands, folded from its events. */
export function statuses(history: History, findings: Findings): Map<string, string> {
  const all = new Map<string, string>();
  for (const [id, events] of history.byRequest()) {
    let status = 'none';
    for (const { envelope, position } of events) {
      // A list that is spread over several events counts with the last of them.
      if (!endsList(envelope.data)) continue;
      const step = AFTER[envelope.type];
      findings.expect(
        step?.from.includes(status) === true,
        `event ${position}: ${id} was ${status} when ${envelope.type} came: applied twice, or out of turn`,
      );
      status = lastRing(envelope, events) ? 'effective' : (step?.to ?? status);
    }
    all.set(id, status);
  }
  return all;
}

/** Whether a plan has come to the last of its rings with it. */
function lastRing({ type, data }: Happened['envelope'], events: readonly Happened[]): boolean {
  const { stage } = data as { readonly stage?: number };
  return type === 'StageApplied' && stage === ringsOf(events).length;
}

/** Those where the site itself has something to do yet. */
export function unfinished(history: History, all: ReadonlyMap<string, string>): string[] {
  const requests = history.byRequest();
  return [...all]
    .filter(([id, status]) => UNFINISHED.includes(status) || goesOn(status, requests.get(id) ?? []))
    .map(([id, status]) => `${id} (${status})`);
}

/** A plan whose next ring waits for a verification alone, and has it. */
function goesOn(status: string, events: readonly Happened[]): boolean {
  const last = (wanted: string) => events.findLastIndex(({ envelope }) => envelope.type === wanted);
  return status === 'rolling-out' && last('StageVerified') > last('StageApplied');
}

export interface PolicyMove {
  readonly position: number;
  readonly ring: string;
  readonly name: string;
  readonly channel: string;
  readonly architecture: string;
  /** Null: upstream decides again. */
  readonly version: string | null;
  readonly manifest: string | undefined;
  readonly request: string;
}

interface PolicyData {
  readonly target: { readonly channel: string; readonly architecture: string };
  readonly name: string;
  readonly new: { readonly version: string; readonly manifest: string } | null;
  readonly changeRequest: string;
}

/** What the rings' policies went through. */
export function policyMoves(history: History): PolicyMove[] {
  return history.events
    .filter(({ envelope }) => envelope.type === 'OverrideSet' || envelope.type === 'OverrideRemoved')
    .map(({ position, envelope }) => {
      const { target, name, new: choice, changeRequest } = envelope.data as unknown as PolicyData;
      const { channel, architecture } = target;
      const { version = null, manifest } = choice ?? {};
      const [, ring = ''] = envelope.stream.split('/');
      return { position, ring, name, channel, architecture, version, manifest, request: changeRequest };
    });
}

export interface AskedItem {
  readonly name: string;
  readonly channel: string;
  /** Null: what is held is given back. */
  readonly version: string | null;
}

/** What a request is for after these events: what it was drafted for, or revised to. */
export function askedFor(events: readonly Happened[]): readonly AskedItem[] {
  const revised = events.findLast(({ envelope }) => envelope.type === 'ChangeRevised')?.envelope.data;
  const { revision } = (revised ?? {}) as { readonly revision?: number };
  return events
    .map(({ envelope }) => envelope)
    .filter(({ type, data }) =>
      revision === undefined
        ? type === 'ChangeDrafted'
        : type === 'ChangeRevised' && (data as { readonly revision?: number }).revision === revision,
    )
    .flatMap(({ data }) => (data as { items?: readonly AskedItem[] }).items ?? []);
}

/** What authorises that a policy moves. */
const AUTHORISES = ['ChangeApproved', 'EmergencyReleased'];
/** As a request stands that has moved a policy. */
const MOVED = [...IN_FORCE, 'rolling-out', 'stopped'];

/**
 * What reactors do is done once for each cause: one move a ring, target and request, to what was asked for, authorised by its approval or its release, for
 * applied requests alone; a plan's rings in their order, each once the one before was verified; an emergency ratified once, by two who are neither its author nor
 * who released it.
 */
export function compareReactions(
  history: History,
  all: ReadonlyMap<string, string>,
  findings: Findings,
): void {
  const approvals = new Map<string, string>();
  const asked = new Map<string, readonly AskedItem[]>();
  for (const [id, events] of history.byRequest()) {
    const approval = events.findLast(({ envelope }) => AUTHORISES.includes(envelope.type));
    if (approval) approvals.set(id, approval.envelope.id);
    asked.set(id, askedFor(events));
    compareRings(id, events, findings);
    compareRatification(id, events, findings);
  }
  const moves = policyMoves(history);
  const seen = new Set<string>();
  for (const { request, ring, name, channel, architecture, position, version } of moves) {
    const key = `${request} ${ring} ${name} ${channel} ${architecture}`;
    findings.expect(!seen.has(key), `event ${position}: ${key} was applied a second time`);
    seen.add(key);
    const authorisedBy = history.events[position]?.envelope.authorisedBy ?? [];
    findings.expect(
      authorisedBy.includes(approvals.get(request) ?? ''),
      `event ${position}: ${request} moved the policy without its approval`,
    );
    const item = asked.get(request)?.find((each) => each.name === name && each.channel === channel);
    findings.expect(
      item !== undefined && item.version === version,
      `event ${position}: ${request} moved ${name} ${channel} to ${version}, and asked for ${item?.version}`,
    );
    findings.expect(
      MOVED.includes(all.get(request) ?? ''),
      `event ${position}: ${request} moved the policy, and is ${all.get(request)}`,
    );
  }
  const moved = requestsIn(history);
  for (const [id, status] of all) {
    findings.expect(
      status !== 'effective' || moved.has(id),
      `${id} is applied, and the policy never moved for it`,
    );
  }
}

/** Requests by which something is in the policy of some ring, whatever it is. */
function requestsIn({ events }: History): ReadonlySet<string> {
  const policies = events.filter(({ envelope }) => envelope.stream.startsWith('release-policy/'));
  return new Set(
    policies.flatMap(({ envelope }) => (envelope.data as Partial<PolicyData>).changeRequest ?? []),
  );
}
