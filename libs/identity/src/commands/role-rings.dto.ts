import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsOptional,
  IsString,
  Length,
} from 'class-validator';
import { MOST_RINGS_OF_A_ROLE } from '../domain/roles.js';

/** Declares the member `rings` of a body about a role: `@AreRings('…') rings?: string[]`. */
export function AreRings(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: [String], description, example: ['pilot'] }),
    IsOptional(),
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(MOST_RINGS_OF_A_ROLE),
    ArrayUnique(),
    IsString({ each: true }),
    Length(1, 63, { each: true }),
  );
}
