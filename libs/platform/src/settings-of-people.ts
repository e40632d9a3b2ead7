import { applyDecorators } from '@nestjs/common';
import { IsIn, IsInt, Max, Min } from 'class-validator';
import { FromEnv, wholeNumber } from './config.js';

/** Whether every signer must have a second component, or only who has enrolled one uses it, and the others sign with login and password. */
export function SecondComponent(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_SECOND_COMPONENT'),
    IsIn(['optional', 'required'], { message: 'must be optional or required' }),
  );
}

/** Whether nobody holds a role that signs, nor signs with it, without a current record of training. */
export function Training(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_TRAINING'),
    IsIn(['optional', 'required'], { message: 'must be optional or required' }),
  );
}

/** Whether nobody is enrolled without what the site knows the human by. */
export function IdentityReference(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_IDENTITY_REFERENCE'),
    IsIn(['optional', 'required'], { message: 'must be optional or required' }),
  );
}

/** How many days old a password may get; 0: passwords do not age. */
export function PasswordDays(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_PASSWORD_DAYS', { read: wholeNumber }),
    IsInt({ message: 'must be a number of days; 0 lets passwords get as old as they like' }),
    Min(0, { message: 'must be a number of days; 0 lets passwords get as old as they like' }),
    Max(3_650, { message: 'must be at most 3650' }),
  );
}

/** After so many minutes without a request a session is over. */
export function SessionIdleMinutes(): PropertyDecorator {
  const message = 'must be a number of minutes from 5 to 480, which is as long as a session lasts';
  return applyDecorators(
    FromEnv('HOLDFAST_SESSION_IDLE_MINUTES', { read: wholeNumber }),
    IsInt({ message }),
    Min(5, { message }),
    Max(480, { message }),
  );
}

/** So many minutes after both components were given for a signature both are asked for again; 0: each time. */
export function SigningPauseMinutes(): PropertyDecorator {
  return applyDecorators(
    FromEnv('HOLDFAST_SIGNING_PAUSE_MINUTES', { read: wholeNumber }),
    IsInt({ message: 'must be a number of minutes; 0 asks for both components each time' }),
    Min(0, { message: 'must be a number of minutes; 0 asks for both components each time' }),
    Max(480, { message: 'must be at most 480, which is as long as a session lasts' }),
  );
}
