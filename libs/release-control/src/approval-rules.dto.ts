import { ApiExtraModels, ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import type { Role } from '#identity/published';
import {
  CHANGE_KINDS,
  MOST_APPROVALS,
  SIGNING_ROLES,
  type ApprovalRule,
  type AskedRules,
  type ChangeKind,
  type SigningRole,
} from './domain/approval-policy/approval-policy.js';
import { MOST_FREEZES } from './domain/approval-policy/freeze.js';
import { EmergencyDto, EmergencyInForceDto, toEmergency } from './emergency-rules.dto.js';
import { FreezeDto, toFreeze } from './freeze-rules.dto.js';
import { NamedSubjectDto } from './named-subject.dto.js';
import { HasSoakRule, SoakRuleDto, toSoakRule } from './soak-rule.dto.js';
import { HasTicketRule, TicketRuleDto, toTicketRule } from './ticket-rule.dto.js';

const COUNT = { minimum: 1, maximum: MOST_APPROVALS };

class RolesAskedDto implements Partial<Record<SigningRole & Role, number>> {
  @ApiPropertyOptional(COUNT)
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_APPROVALS)
  approver?: number;

  @ApiPropertyOptional(COUNT)
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_APPROVALS)
  qa?: number;
}

function isOrder(value: unknown): boolean {
  return (
    value === 'any' ||
    (Array.isArray(value) && value.every((role) => (SIGNING_ROLES as readonly unknown[]).includes(role)))
  );
}

const IsOrder = () =>
  ValidateBy({
    name: 'isOrder',
    validator: {
      validate: isOrder,
      defaultMessage: () => `must be "any", or a list of ${SIGNING_ROLES.join(' and ')}`,
    },
  });

const ORDER: ApiPropertyOptions = {
  oneOf: [
    { type: 'string', enum: ['any'] },
    { type: 'array', items: { type: 'string', enum: [...SIGNING_ROLES] } },
  ],
  default: 'any',
  description: 'any, or the roles in which the first signatures come, one after the other',
};

/** What it takes for a change to be reviewed. */
export class ReviewRuleDto {
  @ApiProperty({
    ...COUNT,
    description: 'So many different persons, none of whom is the author or approves it',
  })
  @IsInt()
  @Min(1)
  @Max(MOST_APPROVALS)
  persons!: number;

  @ApiPropertyOptional({ type: RolesAskedDto, description: 'How many of them must hold which role' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => RolesAskedDto)
  roles?: RolesAskedDto;

  @ApiPropertyOptional(ORDER)
  @IsOptional()
  @IsOrder()
  order?: 'any' | SigningRole[];
}

/** What it takes for a change to be approved. */
export class ApprovalRuleDto {
  @ApiProperty({ ...COUNT, description: 'So many different persons, none of them the author' })
  @IsInt()
  @Min(1)
  @Max(MOST_APPROVALS)
  approvals!: number;

  @ApiPropertyOptional({ type: RolesAskedDto, description: 'How many of them must hold which role' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => RolesAskedDto)
  roles?: RolesAskedDto;

  @ApiPropertyOptional(ORDER)
  @IsOptional()
  @IsOrder()
  order?: 'any' | SigningRole[];

  @ApiPropertyOptional({
    type: ReviewRuleDto,
    description: 'Who signs that they have reviewed it, before approvals count. Absent: nobody has to',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ReviewRuleDto)
  reviews?: ReviewRuleDto;
}

function IsRule(): PropertyDecorator {
  return (target, name) => {
    for (const decorate of [IsObject(), ValidateNested(), Type(() => ApprovalRuleDto)])
      decorate(target, name);
  };
}

class RulesByKindDto implements Partial<Record<ChangeKind, ApprovalRuleDto>> {
  @ApiPropertyOptional({ type: ApprovalRuleDto })
  @IsOptional()
  @IsRule()
  override?: ApprovalRuleDto;

  @ApiPropertyOptional({
    type: ApprovalRuleDto,
    description: 'For an override that sets a revision and names no end, beside the rule for overrides',
  })
  @IsOptional()
  @IsRule()
  'hold-without-expiry'?: ApprovalRuleDto;

  @ApiPropertyOptional({ type: ApprovalRuleDto })
  @IsOptional()
  @IsRule()
  access?: ApprovalRuleDto;

  @ApiPropertyOptional({ type: ApprovalRuleDto })
  @IsOptional()
  @IsRule()
  listing?: ApprovalRuleDto;

  @ApiPropertyOptional({ type: ApprovalRuleDto })
  @IsOptional()
  @IsRule()
  'publisher-changes'?: ApprovalRuleDto;

  @ApiPropertyOptional({ type: ApprovalRuleDto })
  @IsOptional()
  @IsRule()
  unblock?: ApprovalRuleDto;

  @ApiPropertyOptional({ type: ApprovalRuleDto })
  @IsOptional()
  @IsRule()
  resume?: ApprovalRuleDto;

  @ApiPropertyOptional({ type: ApprovalRuleDto })
  @IsOptional()
  @IsRule()
  members?: ApprovalRuleDto;

  @ApiPropertyOptional({ type: ApprovalRuleDto })
  @IsOptional()
  @IsRule()
  'approval-policy'?: ApprovalRuleDto;
}

class RulesDto {
  @ApiProperty({ type: ApprovalRuleDto, description: 'For each kind of change without a rule of its own' })
  @IsDefined()
  @IsRule()
  default!: ApprovalRuleDto;

  @ApiPropertyOptional({ type: RulesByKindDto, description: 'By kind of change' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => RulesByKindDto)
  kinds?: RulesByKindDto;

  @ApiPropertyOptional({
    type: [FreezeDto],
    description: 'Absent: what is approved takes effect at any time',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_FREEZES)
  @ValidateNested({ each: true })
  @Type(() => FreezeDto)
  freezes?: FreezeDto[];

  @HasTicketRule()
  ticket?: TicketRuleDto;

  @HasSoakRule()
  soak?: SoakRuleDto;

  @ApiPropertyOptional({
    enum: [true],
    description: 'Its author signs a request as they submit it. Absent: they need not',
  })
  @IsOptional()
  @IsIn([true])
  authored?: true;
}

/** The rules of a ring, as they are asked for. */
export class ApprovalRulesDto extends RulesDto {
  @ApiPropertyOptional({
    type: EmergencyDto,
    description: 'Absent: nothing is released before it is approved',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => EmergencyDto)
  emergency?: EmergencyDto;
}

/** The rules of a ring, as they are in force. */
@ApiExtraModels(NamedSubjectDto)
export class ApprovalRulesInForceDto extends RulesDto {
  @ApiPropertyOptional({
    type: EmergencyInForceDto,
    description: 'Absent: nothing is released before it is approved',
  })
  emergency?: EmergencyInForceDto;
}

export function toRules({
  default: otherwise,
  kinds,
  emergency,
  freezes = [],
  ticket,
  soak,
  authored,
}: ApprovalRulesDto): AskedRules {
  const named = CHANGE_KINDS.flatMap((kind) => {
    const rule = kinds?.[kind];
    return rule ? [[kind, toRule(rule)] as const] : [];
  });
  return {
    default: toRule(otherwise),
    kinds: Object.fromEntries(named),
    ...(emergency === undefined ? {} : { emergency: toEmergency(emergency) }),
    ...(freezes.length === 0 ? {} : { freezes: freezes.map(toFreeze) }),
    ...(ticket === undefined ? {} : { ticket: toTicketRule(ticket) }),
    ...(soak === undefined ? {} : { soak: toSoakRule(soak) }),
    ...(authored === undefined ? {} : { authored }),
  };
}

function toRule({ approvals, roles, order, reviews }: ApprovalRuleDto): ApprovalRule {
  return {
    approvals,
    ...toAsked(roles, order),
    ...(reviews === undefined
      ? {}
      : { reviews: { persons: reviews.persons, ...toAsked(reviews.roles, reviews.order) } }),
  };
}

function toAsked(
  roles: ApprovalRuleDto['roles'],
  order: ApprovalRuleDto['order'],
): Pick<ApprovalRule, 'roles' | 'order'> {
  const asked = SIGNING_ROLES.flatMap((role) => {
    const count = roles?.[role];
    return typeof count === 'number' ? [[role, count] as const] : [];
  });
  return { roles: Object.fromEntries(asked), order: order ?? 'any' };
}
