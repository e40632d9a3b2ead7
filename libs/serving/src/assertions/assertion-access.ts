import { scalarOf, type Assertion } from '#snap';
import type { RingAccess } from '../policy/ring-access.js';
import type { AssertionQuery } from './assertion-request.js';

/** They say what a device may have. */
const GATED_TYPES: readonly string[] = ['snap-revision', 'snap-declaration'];

/**
 * Whether the ring hides what was asked for, as far as its name tells: a snap-declaration is named by its snap, a snap-revision by a digest, so that
 * only its text says whose it is. Of what was captured and approved nothing is hidden; look there first.
 */
export function hidesQuery(access: RingAccess, { type, primaryKey }: AssertionName): boolean {
  if (type === 'snap-declaration') return !access.passes(primaryKey[1]);
  return type === 'snap-revision' && !access.passesSome;
}

/** Whether the ring hides an assertion of upstream's: whatever is of a denied snap, and in a gated ring what says what a device may have. */
export function hidesAssertion(
  access: RingAccess,
  { type, headers }: Pick<Assertion, 'type' | 'headers'>,
): boolean {
  const snapId = scalarOf(headers, 'snap-id');
  if (GATED_TYPES.includes(type)) return !access.passes(snapId);
  return snapId !== undefined && access.denies(snapId);
}

/** The snap that a name of an assertion tells; else what names it. */
export function subjectOf({ type, primaryKey }: AssertionName): string {
  return type === 'snap-declaration' ? (primaryKey[1] ?? '') : [type, ...primaryKey].join('/');
}

export type AssertionName = Pick<AssertionQuery, 'type' | 'primaryKey'>;
