import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { EventStore } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { EVENT_STORE, STREAM_WRITER } from '#platform/tokens';
import type { Content } from '../../domain/content.js';
import { ReviewsError } from '../../domain/errors.js';
import { daysAfter, reviewId, type ReviewDays } from '../../domain/kinds.js';
import { requireReviewer } from '../../domain/review/reviewers.js';
import { REVIEW_DAYS } from '../../review-days.js';
import { changeReview } from '../change-review.js';
import { Gathering } from '../gather.js';
import { firstFreeNumber, lastCompleted, reviewsBefore } from '../numbers.js';
import type { ReviewOutcome } from '../outcome.js';

/** What a reviewer wants to look at. Times are RFC 3339, UTC; positions are decimal. */
export type Asked =
  | { readonly kind: 'access'; readonly asOf: string | undefined }
  /** `from` left out: where the last one ended. */
  | { readonly kind: 'periodic'; readonly from: string | undefined; readonly to: string | undefined }
  /** Begins where the last one ended: `from` only says where whoever asks thinks that was. `to` left out: at the end of the trail. */
  | { readonly kind: 'trail'; readonly from: string | undefined; readonly to: string | undefined };

/** Begin a review: what is looked at is gathered now, and does not change any more. */
export class OpenReview extends Command<ReviewOutcome> {
  constructor(
    readonly asked: Asked,
    /** RFC 3339, UTC; undefined: after the site's period of the kind. */
    readonly nextDue: string | undefined,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(OpenReview)
export class OpenReviewHandler implements ICommandHandler<OpenReview> {
  constructor(
    private readonly gathering: Gathering,
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(REVIEW_DAYS) private readonly days: ReviewDays,
  ) {}

  /** Takes the first free number of its kind by an append that expects no stream; who loses the race looks again at what came before. */
  async execute({ asked, nextDue: given, context }: OpenReview): Promise<ReviewOutcome> {
    // Nothing is gathered for who may not review.
    requireReviewer(context);
    const { kind } = asked;
    const nextDue = given ?? daysAfter(context.at, this.days[kind]);
    for (;;) {
      const number = await firstFreeNumber(this.store, kind);
      const id = reviewId(kind, number);
      const content = await this.gather(asked, number, context.at);
      try {
        const { status, cursor } = await changeReview(this.writer, id, {
          type: 'OpenReview',
          id,
          content,
          nextDue,
          context,
        });
        return { id, status, cursor };
      } catch (error) {
        if (!(error instanceof ReviewsError && error.code === 'review-exists')) throw error;
      }
    }
  }

  private gather(asked: Asked, number: number, now: string): Promise<Content> {
    switch (asked.kind) {
      case 'access':
        return this.rights(asked.asOf, number, now);
      case 'periodic':
        return this.period(asked, number, now);
      case 'trail':
        return this.range(asked, number);
    }
  }

  /** No review of rights as they were before the last one takes its place (R28). @throws ReviewsError `invalid-period`, `nothing-to-review` */
  private async rights(given: string | undefined, number: number, now: string): Promise<Content> {
    const asOf = requirePast(given ?? now, now);
    const last = await lastCompleted(this.writer, 'access', number);
    if (last?.content.kind === 'access' && asOf <= last.content.scope.asOf)
      throw new ReviewsError(
        'invalid-period',
        `rights were reviewed as of ${last.content.scope.asOf}: review them as of a later time`,
      );
    const content = await this.gathering.access(asOf);
    if (content.lines.length > 0) return content;
    throw new ReviewsError(
      'nothing-to-review',
      `nobody was here at ${asOf}: review rights as of a later time`,
    );
  }

  /**
   * Time goes by clocks, and events come into the trail later than they happen: what the review before could not see is in this one (R36).
   * @throws ReviewsError `invalid-period`, `trail-gap`
   */
  private async period(
    { from: given, to: end }: Extract<Asked, { kind: 'periodic' }>,
    number: number,
    now: string,
  ): Promise<Content> {
    const to = requirePast(end ?? now, now);
    const last = await lastCompleted(this.writer, 'periodic', number);
    const before = last?.content.kind === 'periodic' ? last.content.scope : undefined;
    const from = given ?? before?.to;
    if (from === undefined)
      throw new ReviewsError(
        'invalid-period',
        'no periodic review was completed yet: say since when the period is with --from (`from` in a request)',
      );
    if (before && from > before.to)
      throw new ReviewsError(
        'trail-gap',
        `periods are reviewed up to ${before.to}: the next one begins there or earlier, and not at ${from}`,
      );
    if (!(from < to))
      throw new ReviewsError('invalid-period', `the period would end at ${to}, before ${from}`);
    return this.gathering.periodic(from, to, before?.size);
  }

  /**
   * No event is left out, and none is reviewed twice: only one review of the trail is open at a time, and the next one begins where the last ended (R12).
   * @throws ReviewsError `review-open`, `trail-gap`, `beyond-the-trail`, `nothing-to-review`
   */
  private async range(
    { from: given, to: end }: Extract<Asked, { kind: 'trail' }>,
    number: number,
  ): Promise<Content> {
    const from = await this.endOfLast(number);
    if (given !== undefined && BigInt(given) !== from)
      throw new ReviewsError(
        'trail-gap',
        `the trail is reviewed up to position ${from}: the next review begins there, and not at ${given}`,
      );
    const size = await this.gathering.size();
    const to = end === undefined ? BigInt(size) : BigInt(end);
    if (to > BigInt(size))
      throw new ReviewsError(
        'beyond-the-trail',
        `the trail has ${size} events: what is not there cannot be reviewed, up to ${to}`,
      );
    if (to <= from)
      throw new ReviewsError('nothing-to-review', `the trail is reviewed up to position ${from} already`);
    return this.gathering.trail(from, to, size);
  }

  private async endOfLast(number: number): Promise<bigint> {
    for await (const { id, status, content } of reviewsBefore(this.writer, 'trail', number)) {
      if (content.kind !== 'trail') continue;
      if (status === 'open')
        throw new ReviewsError('review-open', `${id} is open: sign it or withdraw it first`);
      if (status === 'completed') return BigInt(content.scope.to);
    }
    return 0n;
  }
}

/** @throws ReviewsError `invalid-period` */
function requirePast(time: string, now: string): string {
  if (time > now) throw new ReviewsError('invalid-period', `${time} has not come yet`);
  return time;
}
