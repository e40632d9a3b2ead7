import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Reason } from '#kernel';
import type { ReadModels } from '#platform/http/read-models';
import { RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import type {
  CaptureFailure,
  Mismatch,
  ResolvedChange,
  Verification,
} from '../../domain/change-request/events.js';
import { recordOf, type ChangeRecord } from '../../domain/change-request/record.js';
import { reviewOf } from '../../domain/change-request/review.js';
import {
  signaturesOf,
  type ChangeRequest,
  type ChangeRequestStatus,
} from '../../domain/change-request/state.js';
import { ReleaseControlError } from '../../domain/errors.js';
import type { ElectronicSignature } from '../../domain/signature.js';
import { approvalPolicyInForce } from '../../commands/approval-policy-in-force.js';
import type { HistoryLine } from '../../projections/change-requests/projection.js';
import { shownSignatures, type ShownSignature } from './shown-signatures.js';

/** A request as its deciders read it. `record` and `recordDigest` are what a signature is bound to; null before capture. */
export interface ChangeRequestView {
  readonly id: string;
  readonly ring: string;
  readonly status: ChangeRequestStatus;
  readonly author: { readonly id: string; readonly name: string };
  readonly reason: Reason;
  readonly items: ChangeRecord['items'];
  readonly changes: readonly ResolvedChange[];
  readonly record: ChangeRecord | null;
  readonly recordDigest: string | null;
  /** The one that decided; null until then. */
  readonly signature: ElectronicSignature | null;
  /** All of them, in the order in which they were made. */
  readonly signatures: readonly ShownSignature[];
  /** What the approval policy in force still asks for, in words; empty for a request that waits for no signature. */
  readonly missing: readonly string[];
  readonly failures: readonly CaptureFailure[];
  readonly mismatches: readonly Mismatch[];
  /** Null until a person has looked at what the change did. */
  readonly verification: Verification | null;
  readonly history: readonly HistoryLine[];
}

/** @throws ReleaseControlError `no-such-change-request` */
export class ShowChangeRequest extends Query<ChangeRequestView> {
  constructor(readonly id: string) {
    super();
  }
}

type Existing = Exclude<ChangeRequest, { status: 'none' }>;

@QueryHandler(ShowChangeRequest)
export class ShowChangeRequestHandler implements IQueryHandler<ShowChangeRequest> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    private readonly rolesHeld: RolesHeld,
  ) {}

  async execute({ id }: ShowChangeRequest): Promise<ChangeRequestView> {
    const [row] = await this.readModels.query<{ state: Existing; history: HistoryLine[] }>(
      'select state, history from read.change_request_v3 where id = $1',
      [id],
    );
    if (!row) throw new ReleaseControlError('no-such-change-request', `there is no change request ${id}`);
    return view(row.state, row.history, await this.standing(row.state));
  }

  /** Who would sign now is told what the policy of now asks for, of the streams as when it is decided. */
  private async standing(state: Existing): Promise<Standing> {
    if (state.status !== 'captured' && state.status !== 'in-review') {
      return { missing: [], notCounted: 'notCounted' in state ? (state.notCounted ?? []) : [] };
    }
    const policy = await approvalPolicyInForce(this.streams, state);
    const signersNow = await this.rolesHeld.by(signaturesOf(state).map(({ signer }) => signer));
    const { missing, signatories } = reviewOf(state, policy, signersNow);
    return {
      missing,
      notCounted: signatories.filter(({ roles }) => roles.length === 0).map(({ person }) => person),
    };
  }
}

interface Standing {
  readonly missing: readonly string[];
  /** Ids of persons. */
  readonly notCounted: readonly string[];
}

function view(
  state: Existing,
  history: readonly HistoryLine[],
  { missing, notCounted }: Standing,
): ChangeRequestView {
  const { id, ring, status, author, reason, items } = state;
  return {
    id,
    ring,
    status,
    author,
    reason,
    items,
    changes: 'changes' in state ? state.changes : [],
    record: 'changes' in state ? recordOf(state) : null,
    recordDigest: 'recordDigest' in state ? state.recordDigest : null,
    signature: 'signature' in state ? state.signature : null,
    signatures: shownSignatures(signaturesOf(state), notCounted),
    missing,
    failures: 'failures' in state ? state.failures : [],
    mismatches: 'mismatches' in state ? state.mismatches : [],
    verification: 'verification' in state ? state.verification : null,
    history,
  };
}
