import type { Choice, Mismatch } from '../change-request/events.js';
import type { MembershipRule } from '../membership/rule.js';
import type { Halt } from './events.js';
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
    case 'members': {
      const { name: rule, expected, found } = mismatch;
      return `${rule}: expected ${membership(expected)}, found ${membership(found)}`;
    }
    case 'template':
      return `the template ${mismatch.name}: expected another one than was found`;
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
  readonly expected: readonly Halt[];
  readonly found: readonly Halt[];
}): string {
  const list = (all: readonly Halt[]) => all.map(({ at, by }) => `of ${at} by ${by}`).join(', ') || 'none';
  return `expected the halts ${list(expected)}, found ${list(found)}`;
}

function membership(rule: MembershipRule | null): string {
  if (!rule) return 'no such rule';
  return rule.of === 'list' ? `version ${rule.version} of the list` : 'the rule';
}

function name(choice: Choice | null): string {
  return choice ? choice.version : 'no override';
}
