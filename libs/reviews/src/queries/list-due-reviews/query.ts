import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock } from '#kernel';
import type { EventStore } from '#event-store/port';
import { RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, EVENT_STORE, STREAM_WRITER } from '#platform/tokens';
import { firstFreeNumber, reviewsBefore } from '../../commands/numbers.js';
import { firstDue } from '../../domain/first-reviews/first-reviews.js';
import { REVIEW_KINDS, type ReviewDays, type ReviewKind } from '../../domain/kinds.js';
import { isAskedOf } from '../../domain/review/coverage.js';
import { digestOf } from '../../domain/review/record.js';
import type { CompletedReview, OpenReviewState } from '../../domain/review/state.js';
import { foundedAt } from '../../founded-at.js';
import { REVIEW_DAYS } from '../../review-days.js';

/** An open review. */
export interface WaitingReview {
  readonly id: string;
  readonly openedBy: string;
  readonly openedAt: string;
  /** Whether it takes the signature of whoever asks. */
  readonly asksYou: boolean;
}

/** How a kind of review stands. */
export interface DueReview {
  readonly kind: ReviewKind;
  /** The last one that was completed; null: none was. */
  readonly last: string | null;
  /** As the last one says; where there is none, one period after the site's founding. Null: the site is not founded. */
  readonly nextDue: string | null;
  readonly overdue: boolean;
  /** Of the trail: the position up to which it is reviewed. */
  readonly reviewedUpTo: string | null;
  readonly waiting: readonly WaitingReview[];
}

/** Of each kind: the last review, when the next one is due, and what waits for signatures. */
export class ListDueReviews extends Query<readonly DueReview[]> {
  constructor(readonly person: { readonly id: string; readonly roles: readonly string[] }) {
    super();
  }
}

/** More open ones of a kind are not looked for. */
const MOST_LOOKED_AT = 200;

@QueryHandler(ListDueReviews)
export class ListDueReviewsHandler implements IQueryHandler<ListDueReviews> {
  constructor(
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(REVIEW_DAYS) private readonly days: ReviewDays,
    private readonly rolesHeld: RolesHeld,
  ) {}

  async execute({ person }: ListDueReviews): Promise<readonly DueReview[]> {
    const all: DueReview[] = [];
    for (const kind of REVIEW_KINDS) all.push(await this.of(kind, person));
    return all;
  }

  private async of(kind: ReviewKind, person: ListDueReviews['person']): Promise<DueReview> {
    const number = await firstFreeNumber(this.store, kind);
    const waiting: WaitingReview[] = [];
    let last: CompletedReview | null = null;
    let looked = 0;
    for await (const state of reviewsBefore(this.streams, kind, number)) {
      if (state.status === 'open') waiting.unshift(await this.asked(state, person));
      if (state.status === 'completed') last ??= state;
      if (++looked >= MOST_LOOKED_AT && last !== null) break;
    }
    const nextDue = last?.nextDue ?? (await this.firstDue(kind));
    return {
      kind,
      last: last?.id ?? null,
      nextDue,
      overdue: nextDue !== null && nextDue <= this.clock.now(),
      reviewedUpTo: last?.content.kind === 'trail' ? last.content.scope.to : null,
      waiting,
    };
  }

  private async firstDue(kind: ReviewKind): Promise<string | null> {
    const founded = await foundedAt(this.streams);
    return founded === undefined ? null : firstDue(founded, this.days[kind]);
  }

  private async asked(state: OpenReviewState, person: ListDueReviews['person']): Promise<WaitingReview> {
    const signersNow = await this.rolesHeld.by(state.signatures.map(({ signer }) => signer));
    const asksYou = isAskedOf(
      state,
      person,
      digestOf(state),
      signersNow,
      await this.streams.linkedAccounts(),
    );
    return { id: state.id, openedBy: state.openedBy.name, openedAt: state.openedAt, asksYou };
  }
}
