import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock } from '#kernel';
import { Directory, RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import { CLOCK, READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import type { AccessLine } from '../../domain/content.js';
import { ReviewsError } from '../../domain/errors.js';
import { meaningOf, type ReviewMeaning } from '../../domain/kinds.js';
import { counted, isVerified, numbered, uncovered, undecided } from '../../domain/review/coverage.js';
import { deviationsOf, type Deviation } from '../../domain/review/deviations.js';
import { digestOf, recordOf, type ReviewRecord } from '../../domain/review/record.js';
import type { Opened, Review, ReviewSignature, ReviewStatus } from '../../domain/review/state.js';
import type { ReviewHistoryLine } from '../../projections/reviews/projection.js';

/** A signature, and whether it counts: not when the record changed after it, or its signer lost the role, was reset, or signed again. */
export type ShownReviewSignature = ReviewSignature & { readonly counts: boolean };

/** How a deviation stands. */
export interface ShownDeviation extends Omit<Deviation, 'said'> {
  /** Open though it was to be closed. */
  readonly overdue: boolean;
}

/** A review as reviewers read it. `record` and `recordDigest` are what a signature is bound to. */
export interface ReviewView {
  readonly id: string;
  readonly status: ReviewStatus;
  /** What a signature says of it. */
  readonly meaning: ReviewMeaning;
  readonly record: ReviewRecord;
  readonly recordDigest: string;
  readonly signatures: readonly ShownReviewSignature[];
  /** What is still needed, in words; empty once it is over. */
  readonly missing: readonly string[];
  /** Lines that are to be revoked, and are there still. */
  readonly stillHeld: readonly number[];
  /** Of its findings, those that are deviations, as they stand now; no part of the record. */
  readonly deviations: readonly ShownDeviation[];
  readonly history: readonly ReviewHistoryLine[];
}

/** @throws ReviewsError `no-such-review` */
export class ShowReview extends Query<ReviewView> {
  constructor(readonly id: string) {
    super();
  }
}

@QueryHandler(ShowReview)
export class ShowReviewHandler implements IQueryHandler<ShowReview> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly rolesHeld: RolesHeld,
    private readonly directory: Directory,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ id }: ShowReview): Promise<ReviewView> {
    const [row] = await this.readModels.query<{ state: Review; history: readonly ReviewHistoryLine[] }>(
      `select state, history from read.review_v1 where id = $1`,
      [id],
    );
    if (!row || row.state.status === 'none')
      throw new ReviewsError('no-such-review', `there is no review ${id}`);
    const { state, history } = row;
    const recordDigest = digestOf(state);
    const { signatures, missing } = await this.standing(state, recordDigest);
    return {
      id,
      status: state.status,
      meaning: meaningOf(state.content.kind),
      record: recordOf(state),
      recordDigest,
      signatures,
      missing,
      stillHeld: await this.stillHeld(state),
      deviations: this.deviations(state),
      history,
    };
  }

  private async standing(
    state: Exclude<Review, { status: 'none' }>,
    digest: string,
  ): Promise<Pick<ReviewView, 'signatures' | 'missing'>> {
    switch (state.status) {
      case 'open': {
        const signersNow = await this.rolesHeld.by(state.signatures.map(({ signer }) => signer));
        const linked = await this.streams.linkedAccounts();
        const counts = counted(state, digest, signersNow, linked);
        const signatures = state.signatures.map((each) => ({ ...each, counts: counts.includes(each) }));
        const [open, left] = [
          undecided(state),
          uncovered(
            state,
            counts.map(({ signer }) => signer),
            linked,
          ),
        ];
        return {
          signatures,
          missing: [
            ...(open.length > 0 ? [`a decision on lines ${numbered(open)}`] : []),
            ...(isVerified(state) ? [] : ['what the verifier found, up to the last event that is listed']),
            counts.length > 0
              ? `a signature of somebody else for lines ${numbered(left)}`
              : `a signature, with the meaning ${meaningOf(state.content.kind)}`,
          ],
        };
      }
      case 'completed': {
        const { signatures, notCounted } = state;
        return {
          signatures: signatures.map((each) => countedThen(each, signatures, notCounted, digest)),
          missing: [],
        };
      }
      case 'withdrawn':
        return { signatures: state.signatures.map((each) => ({ ...each, counts: false })), missing: [] };
    }
  }

  private deviations(state: Opened): readonly ShownDeviation[] {
    const now = this.clock.now();
    return deviationsOf(state).map(({ said: _, ...stands }) => {
      return { ...stands, overdue: stands.closed === null && stands.due <= now };
    });
  }

  /** As rights and tokens are now. */
  private async stillHeld({ content, decisions }: Opened): Promise<readonly number[]> {
    if (content.kind !== 'access') return [];
    const revoked = decisions.filter(({ decision }) => decision === 'revoke').map(({ line }) => line);
    const about = new Set(revoked.flatMap((line) => content.lines[line - 1]?.person ?? []));
    const roles = await this.rolesHeld.by(about);
    const still: number[] = [];
    for (const line of revoked) {
      const entry = content.lines[line - 1];
      if (entry && (await this.isHeld(entry, roles.get(entry.person)?.roles ?? []))) still.push(line);
    }
    return still;
  }

  private async isHeld(line: AccessLine, roles: readonly string[]): Promise<boolean> {
    if (line.of === 'token') {
      const tokens = await this.directory.tokensOf(line.person, this.clock.now());
      return tokens.some(({ name }) => name === line.token);
    }
    if (line.role === null) return !(await this.directory.isDisabled(line.person));
    return roles.includes(line.ring === null ? line.role : `${line.role}@${line.ring}`);
  }
}

function countedThen(
  signature: ReviewSignature,
  all: readonly ReviewSignature[],
  notCounted: readonly string[],
  digest: string,
): ShownReviewSignature {
  const last = all.findLast(({ signer }) => signer === signature.signer);
  const counts =
    last === signature && signature.recordDigest === digest && !notCounted.includes(signature.signer);
  return { ...signature, counts };
}
