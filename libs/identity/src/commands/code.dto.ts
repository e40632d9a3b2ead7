import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

/** Declares the member `code` of a body: `@IsCode() code?: string`. */
export function IsCode(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      description:
        'Of the authenticator app: asked for, as `second-component-required`, of who has enrolled one',
      pattern: '^[0-9]{6}$',
      example: '287082',
    }),
    IsOptional(),
    Matches(/^[0-9]{6}$/, { message: 'must be the 6 digits that the authenticator app shows' }),
  );
}
