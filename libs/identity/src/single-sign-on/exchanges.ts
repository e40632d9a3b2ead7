import { HttpError } from '#platform/http/errors';
import { CHALLENGE_MINUTES } from '../domain/person/second-components.js';
import { RefusedAnswer } from './identity-provider.js';

/** So many answers are exchanged with the provider at once: whoever brings one is nobody here yet. */
export const MOST_AT_ONCE = 20;
const REMEMBERED_MS = CHALLENGE_MINUTES * 60_000;
const MOST_REMEMBERED = 10_000;

/** Keeps who is nobody here from having the provider asked without end: each request is answered once, for as long as it is good, by this process. */
export class Exchanges {
  /** By the request's nonce; milliseconds since 1970. In the order in which they came. */
  private readonly answered = new Map<string, number>();
  private underWay = 0;

  /**
   * @param now RFC 3339
   * @throws RefusedAnswer for a request that was answered before; HttpError `overloaded`
   */
  async once<Result>(nonce: string, now: string, exchange: () => Promise<Result>): Promise<Result> {
    if (this.answered.has(nonce))
      throw new RefusedAnswer('answer-not-valid', 'this request was answered before: begin anew');
    if (this.underWay >= MOST_AT_ONCE)
      throw new HttpError('overloaded', 'many people are signing in at the provider: try again in a moment');
    this.remember(nonce, Date.parse(now));
    this.underWay += 1;
    try {
      return await exchange();
    } finally {
      this.underWay -= 1;
    }
  }

  private remember(nonce: string, now: number): void {
    for (const [other, at] of this.answered) {
      if (at + REMEMBERED_MS > now && this.answered.size < MOST_REMEMBERED) break;
      this.answered.delete(other);
    }
    this.answered.set(nonce, now);
  }
}
