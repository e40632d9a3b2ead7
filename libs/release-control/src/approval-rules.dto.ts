import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsDefined,
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
  type ApprovalRules,
  type ChangeKind,
  type SigningRole,
} from './domain/approval-policy/approval-policy.js';

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

  @ApiPropertyOptional({
    oneOf: [
      { type: 'string', enum: ['any'] },
      { type: 'array', items: { type: 'string', enum: [...SIGNING_ROLES] } },
    ],
    default: 'any',
    description: 'any, or the roles in which the first signatures come, one after the other',
  })
  @IsOptional()
  @IsOrder()
  order?: 'any' | SigningRole[];
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
  'approval-policy'?: ApprovalRuleDto;
}

/** The rules of a ring. */
export class ApprovalRulesDto {
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
}

export function toRules({ default: otherwise, kinds }: ApprovalRulesDto): ApprovalRules {
  const named = CHANGE_KINDS.flatMap((kind) => {
    const rule = kinds?.[kind];
    return rule ? [[kind, toRule(rule)] as const] : [];
  });
  return { default: toRule(otherwise), kinds: Object.fromEntries(named) };
}

function toRule({ approvals, roles, order }: ApprovalRuleDto): ApprovalRule {
  const asked = SIGNING_ROLES.flatMap((role) => {
    const count = roles?.[role];
    return typeof count === 'number' ? [[role, count] as const] : [];
  });
  return { approvals, roles: Object.fromEntries(asked), order: order ?? 'any' };
}
