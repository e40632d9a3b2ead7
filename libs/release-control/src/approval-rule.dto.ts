import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsObject, IsOptional, Max, Min, ValidateBy, ValidateNested } from 'class-validator';
import type { Role } from '#identity/published';
import {
  MOST_APPROVALS,
  SIGNING_ROLES,
  type ApprovalRule,
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

const ORDER: ApiPropertyOptions = {
  oneOf: [
    { type: 'string', enum: ['any'] },
    { type: 'array', items: { type: 'string', enum: [...SIGNING_ROLES] } },
  ],
  default: 'any',
  description: 'any, or the roles in which the first signatures come, one after the other',
};

/** Of how many persons sign, who they are, and in which order. */
class SignersAskedDto {
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

/** What it takes for a change to be reviewed. */
export class ReviewRuleDto extends SignersAskedDto {
  @ApiProperty({
    ...COUNT,
    description: 'So many different persons, none of whom is the author or approves it',
  })
  @IsInt()
  @Min(1)
  @Max(MOST_APPROVALS)
  persons!: number;
}

/** What it takes for a change to be approved. */
export class ApprovalRuleDto extends SignersAskedDto {
  @ApiProperty({ ...COUNT, description: 'So many different persons, none of them the author' })
  @IsInt()
  @Min(1)
  @Max(MOST_APPROVALS)
  approvals!: number;

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

export function toRule({ approvals, roles, order, reviews }: ApprovalRuleDto): ApprovalRule {
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
