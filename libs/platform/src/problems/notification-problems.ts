import type { NotificationErrorCode } from '#notifications/errors';
import { conflict, notFound, refused, usage, type ProblemKind } from './problem-kind.js';

/** Those of notifications that no other library has as well. */
export const NOTIFICATION_PROBLEMS: Readonly<
  Record<Exclude<NotificationErrorCode, 'operator-required' | 'unknown-person'>, ProblemKind>
> = {
  'no-such-sink': notFound('There is no such sink'),
  'sink-exists': conflict('There is a sink of that name'),
  'wrong-sink': usage('The sink cannot be meant so'),
  'too-many-sinks': refused('There may be no more sinks'),
  'no-such-position': notFound('The history has no such position yet'),
};
