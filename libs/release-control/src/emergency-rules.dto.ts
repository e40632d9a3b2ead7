import { ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsInt, Matches, Max, Min, ValidateBy } from 'class-validator';
import {
  MOST_HOURS_TO_RATIFY,
  type AskedRules,
  type Emergency,
  type OnCall,
} from './domain/approval-policy/approval-policy.js';
import { NamedSubjectDto } from './named-subject.dto.js';

/** Those that may be named: the domain says how many, and this keeps a body from being checked for ever. */
const MOST_WORDS = 100;
const SNAP = /^[a-z0-9-]{1,40}$/;

function isSnaps(value: unknown): boolean {
  return (
    value === 'all' ||
    (Array.isArray(value) &&
      value.length <= MOST_WORDS &&
      value.every((name) => typeof name === 'string' && SNAP.test(name)))
  );
}

const IsSnaps = () =>
  ValidateBy({
    name: 'isSnaps',
    validator: { validate: isSnaps, defaultMessage: () => 'must be "all", or a list of names of snaps' },
  });

/** Who may release a change before it is approved, of what, and how soon it must be ratified. */
export class EmergencyDto {
  @ApiProperty({ type: [String], description: 'Logins of those who are on call' })
  @IsArray()
  @ArrayMaxSize(MOST_WORDS)
  @Matches(/^[a-z][a-z0-9._-]{1,31}$/, { each: true, message: 'must be logins' })
  onCall!: string[];

  @ApiProperty({
    oneOf: [
      { type: 'string', enum: ['all'] },
      { type: 'array', items: { type: 'string' } },
    ],
    description: 'all, or the names of snaps',
  })
  @IsSnaps()
  snaps!: 'all' | string[];

  @ApiProperty({
    minimum: 1,
    maximum: MOST_HOURS_TO_RATIFY,
    description: 'Hours from the release on; not ratified by then, the ring is halted',
  })
  @IsInt()
  @Min(1)
  @Max(MOST_HOURS_TO_RATIFY)
  ratifyWithinHours!: number;
}

class OnCallDto implements OnCall {
  @ApiProperty({ description: 'Id of the person' })
  person!: string;

  @ApiProperty()
  login!: string;
}

/** The same as it is in force: with the persons and the snaps that were meant. */
export class EmergencyInForceDto implements Emergency {
  @ApiProperty({ type: [OnCallDto], description: 'Those who are on call' })
  onCall!: readonly OnCallDto[];

  @ApiProperty({
    oneOf: [
      { type: 'string', enum: ['all'] },
      { type: 'array', items: { $ref: getSchemaPath(NamedSubjectDto) } },
    ],
  })
  snaps!: Emergency['snaps'];

  @ApiProperty({ description: 'Hours from the release on; not ratified by then, the ring is halted' })
  ratifyWithinHours!: number;
}

/** In order, so that the same rules are the same. */
export function toEmergency({
  onCall,
  snaps,
  ratifyWithinHours,
}: EmergencyDto): NonNullable<AskedRules['emergency']> {
  return {
    onCall: onCall.toSorted(),
    snaps: snaps === 'all' ? snaps : snaps.toSorted(),
    ratifyWithinHours,
  };
}
