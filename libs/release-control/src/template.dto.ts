import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { SIGNING_ROLES, type SigningRole } from './domain/approval-policy/approval-policy.js';
import { TEMPLATE_NAME } from './domain/template/check-template.js';
import {
  MOST_DAYS,
  MOST_NAMED,
  MOST_TARGETS,
  MOST_USES,
  PASSABLE_MARKS,
  type AskedTemplate,
  type TemplateRef,
  type TemplateSigner,
  type UseLimit,
  type WeeklyHours,
} from './domain/template/template.js';
import { IsRfc3339Time } from '#platform/http/is-time';
import { utc } from './commands/draft-change/window.dto.js';
import { HasSoakRule, SoakRuleDto, toSoakRule } from './soak-rule.dto.js';
import { NamedSubjectDto } from './named-subject.dto.js';

class UseLimitDto implements UseLimit {
  @ApiProperty({ minimum: 1, maximum: MOST_USES })
  @IsInt()
  @Min(1)
  @Max(MOST_USES)
  most!: number;

  @ApiProperty({ minimum: 1, maximum: MOST_DAYS })
  @IsInt()
  @Min(1)
  @Max(MOST_DAYS)
  days!: number;
}

class WeeklyHoursDto implements WeeklyHours {
  @ApiProperty({ example: 'mon 08:00' })
  @IsString()
  @Length(1, 20)
  from!: string;

  @ApiProperty({ example: 'thu 16:00' })
  @IsString()
  @Length(1, 20)
  to!: string;

  @ApiProperty({ example: 'Europe/Zurich', description: 'IANA name' })
  @IsString()
  @Length(1, 64)
  zone!: string;
}

/** `all`, or a list of words. What the words may be, the domain says. */
const IsAllOrWords = () =>
  ValidateBy({
    name: 'isAllOrWords',
    validator: {
      validate: (value: unknown) =>
        value === 'all' ||
        (Array.isArray(value) &&
          value.length <= MOST_NAMED &&
          value.every((word) => typeof word === 'string' && word.length <= 128)),
      defaultMessage: () => `must be "all", or a list of at most ${MOST_NAMED} words`,
    },
  });

const ALL_OR_WORDS = {
  oneOf: [
    { type: 'string', enum: ['all'] },
    { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: MOST_NAMED },
  ],
};

/** What a template says beside its name, its snaps and its end. */
class TemplateLimitsDto {
  @ApiProperty({ ...ALL_OR_WORDS, description: 'Full channels, such as latest/stable' })
  @IsAllOrWords()
  channels!: 'all' | string[];

  @ApiProperty({ ...ALL_OR_WORDS, description: 'Such as amd64' })
  @IsAllOrWords()
  architectures!: 'all' | string[];

  @ApiProperty({ minimum: 1, maximum: MOST_TARGETS, description: 'Targets that one use changes' })
  @IsInt()
  @Min(1)
  @Max(MOST_TARGETS)
  mostTargets!: number;

  @ApiProperty({
    enum: PASSABLE_MARKS,
    isArray: true,
    description: 'Marks that do not stop a use; every other mark does',
  })
  @IsArray()
  @ArrayMaxSize(PASSABLE_MARKS.length)
  @IsIn(PASSABLE_MARKS, { each: true })
  passes!: string[];

  @HasSoakRule()
  soak?: SoakRuleDto;

  @ApiProperty({ type: UseLimitDto, description: 'At most so many uses took effect in the last days' })
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => UseLimitDto)
  uses!: UseLimitDto;

  @ApiPropertyOptional({ type: WeeklyHoursDto, description: 'Left out: at any time' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => WeeklyHoursDto)
  hours?: WeeklyHoursDto;

  @ApiProperty({
    enum: SIGNING_ROLES,
    isArray: true,
    description: 'Who uses it holds one of these, and is an author',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(SIGNING_ROLES.length)
  @IsIn(SIGNING_ROLES, { each: true })
  usedBy!: SigningRole[];
}

const NAME = { example: 'standard-fw', description: 'Of the ring: small letters, digits and hyphens' };

/** A standard change, as it is proposed. */
export class TemplateDto extends TemplateLimitsDto {
  @ApiProperty(NAME)
  @IsString()
  @Matches(TEMPLATE_NAME, { message: 'must be small letters, digits and hyphens, 63 at most' })
  name!: string;

  @ApiProperty({ type: [String], minItems: 1, maxItems: MOST_NAMED, description: 'Names of snaps' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_NAMED)
  @Length(1, 40, { each: true })
  snaps!: string[];

  @ApiProperty({ format: 'date-time', description: 'It ends then, a year from now at the latest' })
  @IsRfc3339Time()
  until!: string;
}

/** As it was approved: with the ids of what its names meant. */
export class ApprovedTemplateDto extends TemplateLimitsDto {
  @ApiProperty(NAME)
  name!: string;
  @ApiProperty({ type: [NamedSubjectDto] })
  snaps!: readonly NamedSubjectDto[];
  @ApiProperty({ format: 'date-time' })
  until!: string;
}

export class TemplateRefDto implements TemplateRef {
  @ApiProperty(NAME)
  @IsString()
  @Matches(TEMPLATE_NAME, { message: 'must be small letters, digits and hyphens, 63 at most' })
  name!: string;

  @ApiProperty({ minimum: 1, description: 'Counted from 1' })
  @IsInt()
  @Min(1)
  @Max(2 ** 31 - 1)
  version!: number;
}

export class TemplateSignerDto implements TemplateSigner {
  @ApiProperty({ description: 'Id of the person' })
  person!: string;
  @ApiProperty()
  name!: string;
  @ApiProperty({ format: 'date-time' })
  signedAt!: string;
}

export function toTemplate({
  name,
  snaps,
  channels,
  architectures,
  mostTargets,
  passes,
  soak,
  uses,
  hours,
  usedBy,
  until,
}: TemplateDto): AskedTemplate {
  return {
    name,
    snaps,
    channels,
    architectures,
    mostTargets,
    passes,
    ...(soak === undefined ? {} : { soak: toSoakRule(soak) }),
    uses: { most: uses.most, days: uses.days },
    ...(hours === undefined ? {} : { hours: { from: hours.from, to: hours.to, zone: hours.zone } }),
    usedBy,
    until: utc(until),
  };
}
