import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Reason } from '#kernel';
import { RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { approvalPolicyInForce } from '../../commands/approval-policy-in-force.js';
import type { Mark } from '../../domain/change-request/difference.js';
import { isWaitedFor, reviewOf, type Reviewed } from '../../domain/change-request/review.js';
import { signaturesOf } from '../../domain/change-request/state.js';

/** A request that waits for somebody's signature. */
export interface QueuedRequest {
  readonly id: string;
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
  /** There are more open requests than were looked at. */
  readonly more: boolean;
}

/** What waits for a person's signature, the oldest first. */
export class ShowSigningQueue extends Query<SigningQueue> {
  constructor(readonly person: { readonly id: string; readonly roles: readonly string[] }) {
    super();
  }
}

/** Open at once; a board that has more decides on the oldest first. */
const MOST_OPEN = 200;
const MOST_MARKS = 20;

@QueryHandler(ShowSigningQueue)
export class ShowSigningQueueHandler implements IQueryHandler<ShowSigningQueue> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    private readonly rolesHeld: RolesHeld,
  ) {}

  async execute({ person }: ShowSigningQueue): Promise<SigningQueue> {
    const rows = await this.readModels.query<{ state: Reviewed }>(
      `select state from read.change_request_v4 where status in ('captured', 'in-review')
       order by first_position limit $1`,
      [MOST_OPEN + 1],
    );
    const open = rows.slice(0, MOST_OPEN).map(({ state }) => state);
    const signers = open.flatMap((state) => signaturesOf(state).map(({ signer }) => signer));
    const signersNow = await this.rolesHeld.by(signers);
    const requests: QueuedRequest[] = [];
    for (const state of open) {
      const review = reviewOf(state, await approvalPolicyInForce(this.streams, state), signersNow);
      if (isWaitedFor(state, review, person)) requests.push(queued(state, review.missing));
    }
    return { requests, more: rows.length > MOST_OPEN };
  }
}

function queued(state: Reviewed, missing: readonly string[]): QueuedRequest {
  const { id, ring, author, reason, submittedAt, recordDigest, changes } = state;
  const marks = marksOf(state);
  return {
    id,
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
function marksOf({ changes }: Reviewed): readonly QueuedMark[] {
  const marks = changes.flatMap((change) => {
    if (change.kind !== undefined) return [];
    const of = `${change.name} ${change.new?.version ?? ''}`.trimEnd();
    return (change.difference?.marks ?? []).map((mark) => ({ of, ...mark }));
  });
  return [...new Map(marks.map((mark) => [`${mark.of} ${mark.text}`, mark])).values()];
}
