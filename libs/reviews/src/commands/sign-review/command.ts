import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import { RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { ReviewsError } from '../../domain/errors.js';
import { reviewStream } from '../../domain/kinds.js';
import { review } from '../../domain/review/review.js';
import type { ReviewSignature } from '../../domain/review/state.js';
import { RightsSince } from '../rights-since.js';
import { changeReview, type ChangedReview } from '../change-review.js';
import type { ReviewOutcome } from '../outcome.js';

/** Sign a review. The signature was made just now, with the components given again. */
export class SignReview extends Command<ReviewOutcome> {
  constructor(
    readonly id: string,
    readonly signature: ReviewSignature,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** Others may sign at the same time: so often at most. */
const ATTEMPTS = 10;

@CommandHandler(SignReview)
export class SignReviewHandler implements ICommandHandler<SignReview> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    private readonly rolesHeld: RolesHeld,
    private readonly rightsSince: RightsSince,
  ) {}

  /** @throws ReviewsError `reviewer-acted` once the refusal is on record, and what the decider throws */
  async execute(command: SignReview): Promise<ReviewOutcome> {
    const { id, status, cursor, events } = await this.whileOthersSign(command);
    for (const event of events)
      if (event.type === 'TrailReviewRefused')
        throw new ReviewsError(
          'reviewer-acted',
          `${event.data.by.name} acted in the range that ${id} is about, in ${event.data.events} of its events: somebody else reviews it. That this was refused is on record`,
        );
    return { id, status, cursor };
  }

  private async whileOthersSign(command: SignReview): Promise<ChangedReview> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.sign(command);
      } catch (error) {
        const meanwhile = error instanceof ReviewsError && error.code === 'signed-meanwhile';
        if (!meanwhile || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /**
   * What the signers are, and which rights were given since an access review was begun, is of this moment: of the event store's head, and never of a read
   * model alone. It is read right before the append, as of every signature, and again before each further attempt; the store's condition on the append is of
   * the review's stream alone, so what is given in the instant between reading and append stands in the trail beside the signature, and is in the next review.
   */
  private async sign({ id, signature, context }: SignReview): Promise<ChangedReview> {
    const { state } = await this.writer.load(review, reviewStream(id));
    const signers = state.status === 'open' ? state.signatures.map(({ signer }) => signer) : [];
    const signersNow = await this.rolesHeld.by(signers);
    const gained = state.status === 'open' ? await this.rightsSince.of(state) : [];
    return changeReview(this.writer, id, { type: 'SignReview', signature, signersNow, gained, context });
  }
}
