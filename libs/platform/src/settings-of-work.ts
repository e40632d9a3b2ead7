import { applyDecorators } from '@nestjs/common';
import { ArrayNotEmpty, ArrayUnique, IsBoolean, IsIn, IsInt, Max, Min, ValidateIf } from 'class-validator';
import { commaSeparated, FromEnv, trueOrFalse, wholeNumber } from './config.js';

/** Minutes from one slice of the kept blobs that is read again to the next; 0: never. */
export function ScrubEveryMinutes(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_SCRUB_EVERY_MINUTES', { read: wholeNumber }),
    IsInt({ message: 'must be a number of minutes; 0 turns the scrub off' }),
    Min(0, { message: 'must be a number of minutes; 0 turns the scrub off' }),
    Max(10_080, { message: 'must be at most 10080, a week' }),
  );
}

/** How much one slice reads, in MiB. */
export function ScrubSliceMib(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_SCRUB_SLICE_MIB', { read: wholeNumber }),
    IsInt({ message: 'must be a number of MiB' }),
    Min(1, { message: 'must be at least 1 MiB' }),
    Max(1_048_576, { message: 'must be at most 1048576, a TiB' }),
  );
}

/** Minutes from one look at every watched snap upstream to the next; 0: only when a person asks. */
export function SyncEveryMinutes(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_SYNC_EVERY_MINUTES', { read: wholeNumber }),
    ValidateIf((_config: object, minutes: unknown) => minutes !== 0),
    IsInt({ message: 'must be a number of minutes; 0 turns the schedule off' }),
    Min(10, { message: 'must be at least 10, for the sake of the store; 0 turns the schedule off' }),
    Max(10_080, { message: 'must be at most 10080, a week' }),
  );
}

/** Hours from one verification of the whole ledger to the next. It is never turned off. */
export function VerifyEveryHours(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_VERIFY_EVERY_HOURS', { read: wholeNumber }),
    IsInt({ message: 'must be a number of hours' }),
    Min(1, { message: 'must be at least 1 hour' }),
    Max(168, { message: 'must be at most 168 hours, a week' }),
  );
}

/** How many days a hold may be older than upstream before somebody is to evaluate it. It is never turned off. */
export function HoldReviewDays(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_HOLD_REVIEW_DAYS', { read: wholeNumber }),
    IsInt({ message: 'must be a number of days' }),
    Min(1, { message: 'must be at least 1 day' }),
    Max(366, { message: 'must be at most 366 days' }),
  );
}

/** Days from one review of who may do what to the next, and until the first. It is never turned off (R28). */
export function AccessReviewInterval(): PropertyDecorator {
  return reviewDays('HOLDFAST_ACCESS_REVIEW_INTERVAL', 366);
}

/** Days from one review of a period to the next, and until the first. It is never turned off (R36). */
export function PeriodicReviewInterval(): PropertyDecorator {
  return reviewDays('HOLDFAST_PERIODIC_REVIEW_INTERVAL', 1_098);
}

/** Days from one review of the trail to the next, and until the first. It is never turned off (R12). */
export function TrailReviewInterval(): PropertyDecorator {
  return reviewDays('HOLDFAST_TRAIL_REVIEW_INTERVAL', 366);
}

function reviewDays(variable: string, most: number): PropertyDecorator {
  return applyDecorators(
    FromEnv(variable, { read: wholeNumber }),
    IsInt({ message: 'must be a number of days' }),
    Min(1, { message: 'must be at least 1 day' }),
    Max(most, { message: `must be at most ${most} days` }),
  );
}

/** What the site's devices are. @param known the words that there are for it */
export function Architectures(known: readonly string[]): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_ARCHITECTURES', { read: commaSeparated }),
    ArrayNotEmpty({ message: 'must name at least one architecture' }),
    ArrayUnique({ message: 'must name each architecture once' }),
    IsIn(known, { each: true, message: `must be some of ${known.join(', ')}` }),
  );
}

/** Whether the proxy fetches what is held before a device asks for it. */
export function Prefetch(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_PREFETCH', { read: trueOrFalse }),
    IsBoolean({ message: 'must be true or false' }),
  );
}

/** Bytes of one attachment, in MiB. @param most they stand in the database */
export function AttachmentMib(most: number): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_ATTACHMENT_MIB', { read: wholeNumber }),
    IsInt({ message: 'must be a number of MiB' }),
    Min(1, { message: 'must be at least 1 MiB' }),
    Max(most, { message: `must be at most ${most} MiB` }),
  );
}
