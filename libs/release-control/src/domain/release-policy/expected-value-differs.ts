import type { Choice, Mismatch } from '../change-request/events.js';
import { ReleaseControlError } from '../errors.js';

/** The ring's policy moved since the request was captured: what was approved would replace something that nobody looked at. */
export class ExpectedValueDiffers extends ReleaseControlError {
  constructor(
    changeRequest: string,
    readonly mismatches: readonly Mismatch[],
  ) {
    const list = mismatches.map(difference);
    super('expected-value-differs', `${changeRequest} is stale: ${list.join('; ')}`);
  }
}

function difference(mismatch: Mismatch): string {
  switch (mismatch.kind) {
    case undefined: {
      const { target, expected, found } = mismatch;
      const where = `${target.subject} ${target.channel} ${target.architecture}`;
      return `${where}: expected ${name(expected)}, found ${name(found)}`;
    }
    case 'access':
      return `access policy: expected ${mismatch.expected}, found ${mismatch.found}`;
    case 'publisher-changes':
      return `publishers' changes: expected ${mismatch.expected}, found ${mismatch.found}`;
    case 'approval-policy':
      return 'approval policy: expected other rules than were found';
    case 'block':
      return `${mismatch.subject}: expected a block, found none`;
    case 'ring-halt':
      return `the ring: ${halts(mismatch)}`;
    case 'halt':
      return `${mismatch.subject}: ${halts(mismatch)}`;
    case 'listing': {
      const { expected, found } = mismatch;
      return `${mismatch.subject}: expected ${expected ?? 'on no list'}, found ${found ?? 'on no list'}`;
    }
  }
}

function halts({
  expected,
  found,
}: {
  readonly expected: readonly string[];
  readonly found: readonly string[];
}): string {
  return `expected the halts ${expected.join(', ') || 'none'}, found ${found.join(', ') || 'none'}`;
}

function name(choice: Choice | null): string {
  return choice ? choice.version : 'no override';
}
