import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { ReviewsError } from '../domain/errors.js';
import { reviewStream } from '../domain/kinds.js';
import type {
  CloseDeviation,
  DecideOnRights,
  RecordFinding,
  ReviewCommand,
  WithdrawReview,
} from '../domain/review/commands.js';
import type { ReviewEvent } from '../domain/review/events.js';
import { review } from '../domain/review/review.js';
import type { ReviewOutcome } from './outcome.js';

export interface ChangedReview extends ReviewOutcome {
  readonly events: readonly ReviewEvent[];
}

/** @throws ReviewsError */
export async function changeReview(
  writer: StreamWriter,
  id: string,
  command: ReviewCommand,
): Promise<ChangedReview> {
  const { state, cursor, events } = await writer.decideAndAppend(review, reviewStream(id), command);
  if (state.status === 'none') throw new ReviewsError('no-such-review', `there is no review ${id}`);
  return { id, status: state.status, cursor, events };
}

/** What a reviewer says of a review, and that is of its stream alone. */
export class ChangeReview extends Command<ReviewOutcome> {
  constructor(
    readonly id: string,
    readonly change: DecideOnRights | RecordFinding | WithdrawReview | CloseDeviation,
  ) {
    super();
  }
}

@CommandHandler(ChangeReview)
export class ChangeReviewHandler implements ICommandHandler<ChangeReview> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ id, change }: ChangeReview): Promise<ReviewOutcome> {
    const { status, cursor } = await changeReview(this.writer, id, change);
    return { id, status, cursor };
  }
}
