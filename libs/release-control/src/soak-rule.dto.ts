import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { SoakRule } from './domain/approval-policy/soak-rule.js';
import { MOST_SOAK_HOURS } from './domain/change-request/plan.js';

/** The earlier ring that a version is in force in before it takes effect. */
export class SoakRuleDto {
  @ApiProperty({ example: 'pilot', description: 'The earlier ring' })
  @IsString()
  @Length(1, 255)
  ring!: string;

  @ApiProperty({
    minimum: 0,
    maximum: MOST_SOAK_HOURS,
    description: 'So long it has been in force there, neither halted nor withheld, without a break',
  })
  @IsInt()
  @Min(0)
  @Max(MOST_SOAK_HOURS)
  hours!: number;

  @ApiPropertyOptional({ default: false, description: 'Whether somebody must have verified it there' })
  @IsOptional()
  @IsBoolean()
  verified?: boolean;
}

export function HasSoakRule(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: SoakRuleDto,
      description: 'Absent: what is approved waits for no other ring',
    }),
    IsOptional(),
    IsObject(),
    ValidateNested(),
    Type(() => SoakRuleDto),
  );
}

export function toSoakRule({ ring, hours, verified = false }: SoakRuleDto): SoakRule {
  return { ring, hours, verified };
}
