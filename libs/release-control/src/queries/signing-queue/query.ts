import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock, Reason } from '#kernel';
import { RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import { CLOCK, READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { approvalPolicyInForce } from '../../commands/approval-policy-in-force.js';
import type { Mark } from '../../domain/change-request/difference.js';
import { releaseRecordOf } from '../../domain/change-request/ratify.js';
import { releaseDigestOf } from '../../domain/change-request/record.js';
import { isWaitedFor, ratificationOf, reviewOf, type Reviewed } from '../../domain/change-request/review.js';
import { isEmergency, signaturesOf, type ChangeRequest } from '../../domain/change-request/state.js';
import { isOver } from '../../domain/change-request/window.js';
import type { SignerNow } from '../../domain/signature.js';

/** A request that waits for somebody's signature. */
export interface QueuedRequest {
  readonly id: string;
  /** Of a change before it takes effect, or of what was released in an emergency. */
  readonly kind: 'approval' | 'ratification';
  readonly ring: string;
  readonly author: string;
  readonly reason: Reason;
  readonly submittedAt: string;
  /** SHA-256, hex: what a signature would be bound to. */
  readonly recordDigest: string;
  readonly changes: number;
  /** What to look at twice, each once: the first of them. */
  readonly marks: readonly QueuedMark[];
  readonly markCount: number;
  /** What the ring's approval policy asks for, in words; empty where any one more signature completes it. */
  readonly missing: readonly string[];
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

type Row = { readonly state: Existing; readonly position: string };
type Existing = Exclude<ChangeRequest, { status: 'none' }>;

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
    for (let after = '-1'; ;) {
      const rows = await this.readModels.query<Row>(OPEN, [after, PAGE]);
      const signers = rows.flatMap(({ state }) => signaturesOf(state).map(({ signer }) => signer));
      const signersNow = await this.rolesHeld.by(signers);
      for (const { state } of rows) {
        const waiting = await this.waiting(state, person, signersNow);
        if (waiting) requests.push(waiting);
        if (requests.length > MOST_WAITING) return { requests: requests.slice(0, MOST_WAITING), more: true };
      }
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return { requests, more: false };
      after = last.position;
    }
  }

  private async waiting(
    state: Existing,
    person: ShowSigningQueue['person'],
    signersNow: ReadonlyMap<string, SignerNow>,
  ): Promise<QueuedRequest | undefined> {
    const policy = await approvalPolicyInForce(this.streams, state);
    if (state.status === 'captured' || state.status === 'in-review') {
      if (isOver(state.window, this.clock.now())) return undefined;
      const review = reviewOf(state, policy, signersNow);
      if (!isWaitedFor(state, review, person)) return undefined;
      return queued('approval', state, state.recordDigest, review.missing);
    }
    if (!isEmergency(state) || person.id === state.signature.signer) return undefined;
    const review = ratificationOf(state, policy, signersNow);
    if (!isWaitedFor(state, review, person)) return undefined;
    return queued('ratification', state, releaseDigestOf(releaseRecordOf(state)), review.missing);
  }
}

/** What waits for signatures: requests, and ratifications of what was released, whatever became of it but that it never took effect. */
const OPEN = `
select state, first_position as position from read.change_request_v6
where first_position > $1::bigint and (status in ('captured', 'in-review')
  or (state -> 'emergency' ->> 'ratification' = 'open' and status <> 'stale'))
order by first_position limit $2`;

type Waiting = Pick<Reviewed, 'id' | 'ring' | 'author' | 'reason' | 'submittedAt' | 'changes'>;

function queued(
  kind: QueuedRequest['kind'],
  state: Waiting,
  recordDigest: string,
  missing: readonly string[],
): QueuedRequest {
  const { id, ring, author, reason, submittedAt, changes } = state;
  const marks = marksOf(state);
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
function marksOf({ changes }: Pick<Reviewed, 'changes'>): readonly QueuedMark[] {
  const marks = changes.flatMap((change) => {
    if (change.kind !== undefined) return [];
    const of = `${change.name} ${change.new?.version ?? ''}`.trimEnd();
    return (change.difference?.marks ?? []).map((mark) => ({ of, ...mark }));
  });
  return [...new Map(marks.map((mark) => [`${mark.of} ${mark.text}`, mark])).values()];
}
