import { ApiProperty } from '@nestjs/swagger';
import type { SigningRules } from '#kernel';
import { SECOND_COMPONENT_RULES } from '../domain/person/second-factor.js';
import { TRAINING_RULES } from '../domain/training/training.js';

/** What the site asked of those who sign, when a signature was made. */
export class SigningRulesDto implements SigningRules {
  @ApiProperty({ enum: SECOND_COMPONENT_RULES })
  secondComponent!: SigningRules['secondComponent'];

  @ApiProperty({ description: 'So many minutes after both components were given, both were asked for again' })
  signingPauseMinutes!: number;

  @ApiProperty({
    description: 'After so many days a password was good for being changed only; 0: it did not age',
  })
  passwordDays!: number;

  @ApiProperty({ enum: TRAINING_RULES })
  training!: SigningRules['training'];
}
