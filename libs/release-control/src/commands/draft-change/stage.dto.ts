import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { MOST_SOAK_HOURS, type Stage } from '../../domain/change-request/plan.js';

/** A later ring of a release plan, and what it waits for. */
export class StageDto implements Stage {
  @ApiProperty({ example: 'pilot' })
  @IsString()
  @Length(1, 64)
  ring!: string;

  @ApiProperty({
    minimum: 0,
    maximum: MOST_SOAK_HOURS,
    description: 'Hours that the ring before must have had it',
  })
  @IsInt()
  @Min(0)
  @Max(MOST_SOAK_HOURS)
  soakHours!: number;

  @ApiProperty({ description: 'Whether somebody must have verified it in the ring before' })
  @IsBoolean()
  verified!: boolean;

  @ApiPropertyOptional({
    minimum: 1,
    maximum: 100,
    description:
      'Per cent of the devices of the ring before that each revision was offered to, which must say that they have it before it can be verified there',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  installedPercent?: number;
}

/** As the record has it. */
export function toStage({ ring, soakHours, verified, installedPercent }: StageDto): Stage {
  return { ring, soakHours, verified, ...(installedPercent === undefined ? {} : { installedPercent }) };
}
