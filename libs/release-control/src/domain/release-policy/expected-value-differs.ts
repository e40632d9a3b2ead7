import type { Choice, Mismatch } from '../change-request/events.js';
import { ReleaseControlError } from '../errors.js';

/** The ring's policy moved since the request was captured: what was approved would replace something that nobody looked at. */
export class ExpectedValueDiffers extends ReleaseControlError {
  constructor(
    changeRequest: string,
    readonly mismatches: readonly Mismatch[],
  ) {
    const list = mismatches.map(
      ({ target, expected, found }) =>
        `${target.subject} ${target.channel} ${target.architecture}: expected ${name(expected)}, found ${name(found)}`,
    );
    super('expected-value-differs', `${changeRequest} is stale: ${list.join('; ')}`);
  }
}

function name(choice: Choice | null): string {
  return choice ? choice.version : 'no override';
}
