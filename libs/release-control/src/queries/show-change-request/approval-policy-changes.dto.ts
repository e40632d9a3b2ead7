import { ApiProperty } from '@nestjs/swagger';
import { ApprovalRulesDto, ApprovalRulesInForceDto } from '../../approval-rules.dto.js';

export class ApprovalPolicyItemDto {
  @ApiProperty({ enum: ['approval-policy'] })
  kind!: 'approval-policy';
  @ApiProperty({ type: ApprovalRulesDto })
  rules!: ApprovalRulesDto;
}

export class ApprovalPolicyChangeDto {
  @ApiProperty({ enum: ['approval-policy'] })
  kind!: 'approval-policy';
  @ApiProperty({ type: ApprovalRulesInForceDto })
  old!: ApprovalRulesInForceDto;
  @ApiProperty({ type: ApprovalRulesInForceDto })
  new!: ApprovalRulesInForceDto;
}

export class ApprovalPolicyMismatchDto {
  @ApiProperty({ enum: ['approval-policy'] })
  kind!: 'approval-policy';
  @ApiProperty({ type: ApprovalRulesInForceDto })
  expected!: ApprovalRulesInForceDto;
  @ApiProperty({ type: ApprovalRulesInForceDto })
  found!: ApprovalRulesInForceDto;
}
