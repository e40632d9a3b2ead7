import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Reason } from '#kernel';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS } from '#platform/tokens';
import type { CaptureFailure, Mismatch, ResolvedChange } from '../../domain/change-request/events.js';
import { recordOf, type ChangeRecord } from '../../domain/change-request/record.js';
import type { ChangeRequest, ChangeRequestStatus } from '../../domain/change-request/state.js';
import { ReleaseControlError } from '../../domain/errors.js';
import type { ElectronicSignature } from '../../domain/signature.js';
import type { HistoryLine } from '../../projections/change-requests/projection.js';

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
  readonly signature: ElectronicSignature | null;
  readonly failures: readonly CaptureFailure[];
  readonly mismatches: readonly Mismatch[];
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
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ id }: ShowChangeRequest): Promise<ChangeRequestView> {
    const [row] = await this.readModels.query<{ state: Existing; history: HistoryLine[] }>(
      'select state, history from read.change_request_v1 where id = $1',
      [id],
    );
    if (!row) throw new ReleaseControlError('no-such-change-request', `there is no change request ${id}`);
    return view(row.state, row.history);
  }
}

function view(state: Existing, history: readonly HistoryLine[]): ChangeRequestView {
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
    failures: 'failures' in state ? state.failures : [],
    mismatches: 'mismatches' in state ? state.mismatches : [],
    history,
  };
}
