import type { Findings } from '../findings.js';
import type { Happened, History } from './history.js';

/** The life of a change request, written down a second time: this comparison owes nothing to the product's own rules. */
const AFTER: Readonly<Record<string, { readonly from: readonly string[]; readonly to: string }>> = {
  ChangeDrafted: { from: ['none'], to: 'drafted' },
  ChangeSubmitted: { from: ['drafted', 'capture-refused'], to: 'submitted' },
  ArtefactsCaptured: { from: ['submitted'], to: 'captured' },
  CaptureRefused: { from: ['submitted'], to: 'capture-refused' },
  ApprovalSigned: { from: ['captured', 'in-review'], to: 'in-review' },
  ChangeApproved: { from: ['captured', 'in-review'], to: 'approved' },
  ChangeRejected: { from: ['captured', 'in-review'], to: 'rejected' },
  ChangeWithdrawn: {
    from: ['drafted', 'submitted', 'capture-refused', 'captured', 'in-review'],
    to: 'withdrawn',
  },
  ChangeStarted: { from: ['approved'], to: 'approved' },
  ChangeApplied: { from: ['approved'], to: 'effective' },
  ChangeVerified: { from: ['effective'], to: 'verified' },
  VerificationFailed: { from: ['effective'], to: 'verification-failed' },
  ChangeClosed: { from: ['verified'], to: 'closed' },
  ChangeBecameStale: { from: ['approved'], to: 'stale' },
};

/** Of an event's data: whether it holds a whole list, or the last part of one. */
function endsList(data: unknown): boolean {
  const { part } = data as { readonly part?: readonly [index: number, count: number] };
  return part === undefined || part[0] === part[1];
}

/** Statuses in which somebody of the site, not a person, has to do something. */
const UNFINISHED = ['submitted', 'approved'];

/** How each request stands, folded from its events. */
export function statuses(history: History, findings: Findings): Map<string, string> {
  const all = new Map<string, string>();
  for (const [id, events] of history.byRequest()) {
    let status = 'none';
    for (const { envelope, position } of events) {
      // A list that is spread over several events counts with the last of them.
      if (!endsList(envelope.data)) continue;
      // Another author: how it stands is the same.
      if (envelope.type === 'ChangeHandedOver') continue;
      const step = AFTER[envelope.type];
      findings.expect(
        step?.from.includes(status) === true,
        `event ${position}: ${id} was ${status} when ${envelope.type} came: applied twice, or out of turn`,
      );
      status = step?.to ?? status;
    }
    all.set(id, status);
  }
  return all;
}

export function unfinished(all: ReadonlyMap<string, string>): string[] {
  return [...all]
    .filter(([, status]) => UNFINISHED.includes(status))
    .map(([id, status]) => `${id} (${status})`);
}

export interface PolicyMove {
  readonly position: number;
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

/** What the ring's policy went through. */
export function policyMoves(history: History): PolicyMove[] {
  return history.events
    .filter(({ envelope }) => envelope.type === 'OverrideSet' || envelope.type === 'OverrideRemoved')
    .map(({ position, envelope }) => {
      const { target, name, new: choice, changeRequest } = envelope.data as unknown as PolicyData;
      const { channel, architecture } = target;
      const { version = null, manifest } = choice ?? {};
      return { position, name, channel, architecture, version, manifest, request: changeRequest };
    });
}

export interface AskedItem {
  readonly name: string;
  readonly channel: string;
  /** Null: what is held is given back. */
  readonly version: string | null;
}

/** What a request was drafted for. */
export function askedFor(events: readonly Happened[]): readonly AskedItem[] {
  return events
    .filter(({ envelope }) => envelope.type === 'ChangeDrafted')
    .flatMap(({ envelope }) => (envelope.data as { items?: readonly AskedItem[] }).items ?? []);
}

/**
 * What reactors do is done once for each cause: one move a target and request, to what was asked for, authorised by its approval, for applied requests
 * alone.
 */
export function compareReactions(
  history: History,
  all: ReadonlyMap<string, string>,
  findings: Findings,
): void {
  const approvals = new Map<string, string>();
  const asked = new Map<string, readonly AskedItem[]>();
  for (const [id, events] of history.byRequest()) {
    const approval = events.find(({ envelope }: Happened) => envelope.type === 'ChangeApproved');
    if (approval) approvals.set(id, approval.envelope.id);
    asked.set(id, askedFor(events));
  }
  const moves = policyMoves(history);
  const seen = new Set<string>();
  for (const { request, name, channel, architecture, position, version } of moves) {
    const key = `${request} ${name} ${channel} ${architecture}`;
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
      all.get(request) === 'effective',
      `event ${position}: ${request} moved the policy, and is ${all.get(request)}`,
    );
  }
  const moved = new Set(moves.map(({ request }) => request));
  for (const [id, status] of all) {
    findings.expect(
      status !== 'effective' || moved.has(id),
      `${id} is applied, and the policy never moved for it`,
    );
  }
}
