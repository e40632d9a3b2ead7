import { ApiProperty } from '@nestjs/swagger';
import { ApprovalRulesDto } from '../../approval-rules.dto.js';

export class ApprovalPolicyItemDto {
  @ApiProperty({ enum: ['approval-policy'] })
  kind!: 'approval-policy';
  @ApiProperty({ type: ApprovalRulesDto })
  rules!: ApprovalRulesDto;
}

export class ApprovalPolicyChangeDto {
  @ApiProperty({ enum: ['approval-policy'] })
  kind!: 'approval-policy';
  @ApiProperty({ type: ApprovalRulesDto })
  old!: ApprovalRulesDto;
  @ApiProperty({ type: ApprovalRulesDto })
  new!: ApprovalRulesDto;
}

export class ApprovalPolicyMismatchDto {
  @ApiProperty({ enum: ['approval-policy'] })
  kind!: 'approval-policy';
  @ApiProperty({ type: ApprovalRulesDto })
  expected!: ApprovalRulesDto;
  @ApiProperty({ type: ApprovalRulesDto })
  found!: ApprovalRulesDto;
}
