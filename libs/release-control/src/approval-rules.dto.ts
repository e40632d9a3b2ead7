import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
  IsIn,
  IsObject,
  IsOptional,
  ValidateNested,
} from 'class-validator';
import { CHANGE_KINDS, type AskedRules, type ChangeKind } from './domain/approval-policy/approval-policy.js';
import { ApprovalRuleDto, toRule } from './approval-rule.dto.js';
import { MOST_FREEZES } from './domain/approval-policy/freeze.js';
import { EmergencyDto, EmergencyInForceDto, toEmergency } from './emergency-rules.dto.js';
import { FreezeDto, toFreeze } from './freeze-rules.dto.js';
import { NamedSubjectDto } from './named-subject.dto.js';
import { HasSoakRule, SoakRuleDto, toSoakRule } from './soak-rule.dto.js';
import { HasTicketRule, TicketRuleDto, toTicketRule } from './ticket-rule.dto.js';

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

  @ApiPropertyOptional({
    enum: [true],
    description:
      'Who signed a decision on a request does not verify what came of it. Absent: they may, unless they wrote or released it',
  })
  @IsOptional()
  @IsIn([true])
  verifiedByOthers?: true;

  @ApiPropertyOptional({
    enum: [true],
    description:
      'A version takes effect once a signed review of the trail has its change, up to its approval. Absent: it waits for none',
  })
  @IsOptional()
  @IsIn([true])
  trailReviewed?: true;
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
  verifiedByOthers,
  trailReviewed,
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
    ...(verifiedByOthers === undefined ? {} : { verifiedByOthers }),
    ...(trailReviewed === undefined ? {} : { trailReviewed }),
  };
}
