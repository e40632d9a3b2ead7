import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

const DECLARED = {
  description:
    'What came of signing in anew at the identity provider for just this, in place of the password; for 5 minutes, once',
  pattern: '^hfo_[A-Za-z0-9_-]{1,4000}$',
};

const IsProof = () =>
  Matches(/^hfo_[A-Za-z0-9_-]{1,4000}$/, { message: 'must be a proof that single sign-on answered' });

/** Declares the member `singleSignOn` of a body, of who may give the password in its place. */
export function IsSignOnProof(): PropertyDecorator {
  return applyDecorators(ApiPropertyOptional(DECLARED), IsOptional(), IsProof());
}

/** Declares the member `singleSignOn` of a body that is nothing without it. */
export function IsNeededSignOnProof(): PropertyDecorator {
  return applyDecorators(ApiProperty(DECLARED), IsProof());
}
