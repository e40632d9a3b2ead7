import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock, Reason } from '#kernel';
import type { ReadModels } from '#platform/http/read-models';
import { RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import type { CaptureFailure, Mismatch, ResolvedChange } from '../../domain/change-request/events.js';
import type { Verification } from '../../domain/change-request/verification.js';
import type { Ticket, TicketReport } from '../../domain/change-request/ticket.js';
import type { ChangeWindow } from '../../domain/change-request/window.js';
import type { Comment, EarlierRevision } from '../../domain/change-request/revision.js';
import { recordOf, type ChangeRecord } from '../../domain/change-request/record.js';
import { changesIn } from '../../domain/change-request/plan.js';
import type { StopCause } from '../../domain/change-request/plan-events.js';
import { nextStage, waitsFor } from '../../domain/change-request/stages.js';
import { missingOf, type WouldSign } from '../../domain/change-request/waited-for.js';
import { haltedIn } from '../../domain/release-policy/stage-source.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { isReviewed, notCountedOf, ratificationOf, reviewOf } from '../../domain/change-request/review.js';
import { isDecidedPlan } from '../../domain/change-request/decided-plan.js';
import {
  isEmergency,
  isRatificationOpen,
  OPEN_STATUSES,
  signaturesOf,
  type ChangeRequestStatus,
} from '../../domain/change-request/state.js';
import type { Wait } from '../../domain/change-request/waiting.js';
import { soakFacts } from '../../soak-facts.js';
import { trailFacts } from '../../trail-facts.js';
import { waitAheadOf } from '../wait-ahead.js';
import type { ElectronicSignature } from '../../domain/signature.js';
import { approvalPolicyInForce, stagePoliciesInForce } from '../../commands/approval-policy-in-force.js';
import type { HistoryLine } from '../../projections/change-requests/projection.js';
import { changeRequestRow, type ChangeRequestRow } from '../change-request-row.js';
import { standardChangeOf, type StandardChangeView } from './standard-change-view.js';
import { emergencyOf, type EmergencyView } from './emergency-view.js';
import { signersOf } from '../../domain/change-request/signers-of.js';
import { ticketToCome, whyNotSignable } from './more-missing.js';
import { stagesOf, type StageView } from './stage-view.js';
import { shownAttachments, type ShownAttachment } from './shown-attachments.js';
import { draftViewOf, type DraftView } from './draft-view.js';
import { shownAuthored, shownSignatures, type ShownSignature } from './shown-signatures.js';

/** A request as its deciders read it. `record` and `recordDigest` are what a signature is bound to; null before capture. */
export interface ChangeRequestView {
  readonly id: string;
  readonly ring: string;
  readonly status: ChangeRequestStatus;
  readonly author: { readonly id: string; readonly name: string };
  readonly reason: Reason;
  readonly window: ChangeWindow;
  readonly items: ChangeRecord['items'];
  readonly changes: readonly ResolvedChange[];
  readonly record: ChangeRecord | null;
  readonly recordDigest: string | null;
  /** Of what is not handed in: what its author signs as they submit it; null for every other request. */
  readonly draft: DraftView | null;
  /** The one that decided; null until then. */
  readonly signature: ElectronicSignature | null;
  /** All of them, in the order in which they were made. */
  readonly signatures: readonly ShownSignature[];
  /** What the approval policy in force still asks for, in words; empty for a request that waits for no signature. */
  readonly missing: readonly string[];
  /** What it waits for though it is approved, or would wait for if it was approved now; null: nothing. */
  readonly waits: Wait | null;
  /** How it was released in an emergency, and how its ratification stands; null for every other request. */
  readonly emergency: EmergencyView | null;
  /** Of what is asked for under a template; null for every other request. */
  readonly standardChange: StandardChangeView | null;
  readonly failures: readonly CaptureFailure[];
  readonly mismatches: readonly Mismatch[];
  /** Null until a person has looked at what the change did. */
  readonly verification: Verification | null;
  /** Counted from 1. */
  readonly revision: number;
  /** What the request was before it was revised, in order, with signatures that are void. */
  readonly earlier: readonly EarlierRevision[];
  /** Of a release plan: each of its rings, in order; empty for every other request. */
  readonly stages: readonly StageView[];
  /** Why the rest of a plan never gets it; null for every other request. */
  readonly stoppedBecause: StopCause | null;
  /** Id of the request that is over once this one is approved. */
  readonly supersedes: string | null;
  /** Id of the one that took this one's place. */
  readonly supersededBy: string | null;
  /** The record outside that it names; null for one that names none. */
  readonly ticket: Ticket | null;
  /** What its system said, in the order in which it came. */
  readonly ticketReports: readonly TicketReport[];
  readonly attachments: readonly ShownAttachment[];
  readonly comments: readonly Comment[];
  readonly history: readonly HistoryLine[];
}

/** @throws ReleaseControlError `no-such-change-request` */
export class ShowChangeRequest extends Query<ChangeRequestView> {
  constructor(readonly id: string) {
    super();
  }
}

type Existing = ChangeRequestRow['state'];
/** What of now decides how signatures stand. */
type Now = Required<Pick<WouldSign, 'policy' | 'stagePolicies' | 'signersNow' | 'linked'>>;

@QueryHandler(ShowChangeRequest)
export class ShowChangeRequestHandler implements IQueryHandler<ShowChangeRequest> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    private readonly rolesHeld: RolesHeld,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ id }: ShowChangeRequest): Promise<ChangeRequestView> {
    const { state, history } = await changeRequestRow(this.readModels, id);
    const now = await this.now(state);
    const standing = { ...standingOf(state, now), waits: await this.waits(state, now) };
    const draft = draftViewOf(state, [now.policy, ...now.stagePolicies], now);
    const authored = shownAuthored(state, isOpen(state) ? now : undefined);
    return view({ state, history, standing, authored, draft, stages: await this.stages(state, now) });
  }

  private async waits(state: Existing, { policy }: Now): Promise<Wait | null> {
    if (!isOpen(state) && state.status !== 'scheduled') return null;
    if (state.status === 'scheduled' && state.waits?.for === 'freeze') return state.waits;
    return waitAheadOf(this.streams, state, policy, this.clock.now());
  }

  /** Of the streams, as when it is decided. */
  private async now(state: Existing): Promise<Now> {
    return {
      policy: await approvalPolicyInForce(this.streams, state),
      stagePolicies: await stagePoliciesInForce(this.streams, state),
      signersNow: await this.rolesHeld.by(signersOf(state)),
      linked: await this.streams.linkedAccounts(),
    };
  }

  /** What the next ring waits for is of the streams, as when it is decided. */
  private async stages(state: Existing, { signersNow, linked }: Now): Promise<readonly StageView[]> {
    if (state.status !== 'rolling-out') return stagesOf(state, []);
    const next = nextStage(state);
    if (next === undefined || state.rollout.starting !== undefined) return stagesOf(state, []);
    const load = async (ring: string) =>
      (await this.streams.load(releasePolicy, releasePolicyStream(ring))).state;
    const [before, ring] = [next.before.ring, next.next.ring];
    const [source, target] = [await load(before), await load(ring)];
    const halted = [
      ...haltedIn(before, source, changesIn(state, before)),
      ...haltedIn(ring, target, changesIn(state, ring)),
    ];
    const policy = target.approval;
    const soak = await soakFacts(this.streams, policy, changesIn(state, ring), state);
    const trail = await trailFacts(this.streams, policy, state.id);
    const facts = { now: this.clock.now(), policy, soak, trail, signersNow, linked, halted };
    return stagesOf(state, waitsFor(state, facts));
  }
}

/** Who would sign now is told what the policy of now asks for. */
function standingOf(state: Existing, now: Now): Omit<Standing, 'waits'> {
  const reviewed = isReviewed(state);
  if (isDecidedPlan(state)) {
    const { notCounted } = state;
    return { missing: missingOf(state, now), notCounted };
  }
  if (!reviewed && !isRatificationOpen(state)) {
    const decided = 'notCounted' in state ? state.notCounted : [];
    const ratified = isEmergency(state) ? state.emergency.notCounted : [];
    return { missing: ticketToCome(state), notCounted: [...decided, ...ratified] };
  }
  const { policy } = now;
  const { missing, signatories } = reviewed
    ? reviewOf(state, policy, now)
    : ratificationOf(state, policy, now);
  return {
    missing: reviewed
      ? [...missingOf(state, now), ...whyNotSignable(state, policy, now)]
      : missing.map((what) => `to ratify it: ${what}`),
    notCounted: notCountedOf(signatories, signaturesOf(state)),
  };
}

function isOpen({ status }: Existing): boolean {
  return OPEN_STATUSES.some((each) => each === status);
}

interface Standing {
  readonly waits: Wait | null;
  readonly missing: readonly string[];
  /** Ids of persons. */
  readonly notCounted: readonly string[];
}

function view({
  state,
  history,
  standing: { missing, notCounted, waits },
  authored,
  draft,
  stages,
}: Pick<ChangeRequestView, 'history' | 'draft' | 'stages'> & {
  readonly state: Existing;
  readonly standing: Standing;
  /** Those of its author. */
  readonly authored: readonly ShownSignature[];
}): ChangeRequestView {
  const { id, ring, status, author, reason, window, items } = state;
  return {
    id,
    ring,
    status,
    author,
    reason,
    window,
    items,
    changes: 'changes' in state ? state.changes : [],
    record: 'changes' in state ? recordOf(state) : null,
    recordDigest: 'recordDigest' in state ? state.recordDigest : null,
    draft,
    signature: 'signature' in state ? state.signature : null,
    signatures: [...authored, ...shownSignatures(signaturesOf(state), notCounted)],
    missing,
    waits,
    emergency: isEmergency(state) ? emergencyOf(state) : null,
    standardChange: standardChangeOf(state),
    failures: 'failures' in state ? state.failures : [],
    mismatches: 'mismatches' in state ? state.mismatches : [],
    verification: 'verification' in state ? state.verification : null,
    revision: state.revision,
    earlier: state.earlier,
    supersedes: state.supersedes ?? null,
    supersededBy: state.status === 'superseded' ? state.by : null,
    ticket: state.ticket ?? null,
    ticketReports: state.ticketReports,
    attachments: shownAttachments(state),
    comments: state.comments,
    stages,
    stoppedBecause: state.status === 'stopped' ? state.because : null,
    history,
  };
}
