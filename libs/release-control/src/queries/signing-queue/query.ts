import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock, Reason } from '#kernel';
import { RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import { CLOCK, READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { approvalPolicyInForce, stagePoliciesInForce } from '../../commands/approval-policy-in-force.js';
import type { ApprovalPolicy } from '../../domain/approval-policy/approval-policy.js';
import type { Mark } from '../../domain/change-request/difference.js';
import type { ResolvedChange } from '../../domain/change-request/events.js';
import { signersOf } from '../../domain/change-request/signers-of.js';
import { isReviewed } from '../../domain/change-request/review.js';
import { waitedFor, type WaitedFor } from '../../domain/change-request/waited-for.js';
import type { Wait } from '../../domain/change-request/waiting.js';
import type { ChangeRequestRow } from '../change-request-row.js';
import { waitAheadOf } from '../wait-ahead.js';

/** A request that waits for somebody's signature. */
export interface QueuedRequest extends Pick<WaitedFor, 'kind' | 'recordDigest' | 'missing'> {
  readonly id: string;
  readonly ring: string;
  readonly author: string;
  readonly reason: Reason;
  readonly submittedAt: string;
  readonly changes: number;
  /** What to look at twice, each once: the first of them. */
  readonly marks: readonly QueuedMark[];
  readonly markCount: number;
  /** What it would wait for if it was approved now; null: nothing. */
  readonly waits: Wait | null;
}

export interface QueuedMark extends Mark {
  /** Of what: the subject's name and version. */
  readonly of: string;
}

export interface SigningQueue {
  readonly requests: readonly QueuedRequest[];
  /** There are more that wait than are listed. */
  readonly more: boolean;
}

/** What waits for a person's signature, the oldest first. */
export class ShowSigningQueue extends Query<SigningQueue> {
  constructor(readonly person: { readonly id: string; readonly roles: readonly string[] }) {
    super();
  }
}

/** A person decides on the oldest first. */
const MOST_WAITING = 200;
/** Read at once: a request may be of thousands of targets. */
const PAGE = 50;
const MOST_MARKS = 20;

type Row = Pick<ChangeRequestRow, 'state'> & { readonly position: string };

@QueryHandler(ShowSigningQueue)
export class ShowSigningQueueHandler implements IQueryHandler<ShowSigningQueue> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly rolesHeld: RolesHeld,
  ) {}

  /** Pages through all that is open: others' requests, however many, do not hide one's own. */
  async execute({ person }: ShowSigningQueue): Promise<SigningQueue> {
    const requests: QueuedRequest[] = [];
    const policies = new Map<string, ApprovalPolicy>();
    const linked = await this.streams.linkedAccounts();
    for (let after = '-1'; ;) {
      const rows = await this.readModels.query<Row>(OPEN, [after, PAGE]);
      const signers = rows.flatMap(({ state }) => signersOf(state));
      const signersNow = await this.rolesHeld.by(signers);
      for (const { state } of rows) {
        const policy = policies.get(state.ring) ?? (await approvalPolicyInForce(this.streams, state));
        policies.set(state.ring, policy);
        const stagePolicies = await stagePoliciesInForce(this.streams, state);
        const now = this.clock.now();
        const waiting = waitedFor(state, { person, policy, stagePolicies, signersNow, linked, now });
        if (waiting) {
          const isOpen = waiting.kind !== 'ratification' && isReviewed(state);
          const waits = isOpen ? await waitAheadOf(this.streams, state, policy, now) : null;
          requests.push({ ...queued(waiting), waits });
        }
        if (requests.length > MOST_WAITING) return { requests: requests.slice(0, MOST_WAITING), more: true };
      }
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return { requests, more: false };
      after = last.position;
    }
  }
}

/** What waits for signatures: requests; plans whose later rings may wait for more; and ratifications of what was released, whatever became of it but that it never took effect. */
const OPEN = `
select state, first_position as position from read.change_request_v9
where first_position > $1::bigint and (status in ('captured', 'in-review')
  or (status in ('approved', 'scheduled', 'rolling-out') and state -> 'stages' is not null)
  or (state -> 'emergency' ->> 'ratification' = 'open' and status <> 'stale'))
order by first_position limit $2`;

function queued({ request, kind, recordDigest, missing }: WaitedFor): Omit<QueuedRequest, 'waits'> {
  const { id, ring, author, reason, submittedAt, changes } = request;
  const marks = marksOf(changes);
  return {
    id,
    kind,
    ring,
    author: author.name,
    reason,
    submittedAt,
    recordDigest,
    changes: changes.length,
    marks: marks.slice(0, MOST_MARKS),
    markCount: marks.length,
    missing,
  };
}

/** Several architectures of one version say the same. */
function marksOf(changes: readonly ResolvedChange[]): readonly QueuedMark[] {
  const marks = changes.flatMap((change) => {
    if (change.kind !== undefined) return [];
    const of = `${change.name} ${change.new?.version ?? ''}`.trimEnd();
    return (change.difference?.marks ?? []).map((mark) => ({ of, ...mark }));
  });
  return [...new Map(marks.map((mark) => [`${mark.of} ${mark.text}`, mark])).values()];
}
