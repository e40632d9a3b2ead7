import { ApiProperty } from '@nestjs/swagger';
import type { MembershipEntry } from '../membership-document/document.js';
import { MembershipRuleDto } from './show-change-request/members.dto.js';
import type { RulesInForce } from './site-members.js';

/** A rule of membership, in force. */
export class MemberRuleDto extends MembershipRuleDto {
  @ApiProperty()
  ring!: string;

  @ApiProperty({ example: 'serial acme/gateway/0001', description: 'What a record of a delivery says' })
  name!: string;

  @ApiProperty({ type: String, nullable: true, description: 'The change request that it was approved in' })
  changeRequest!: string | null;
}

export function memberRule({ approvedIn }: RulesInForce, rule: MembershipEntry): MemberRuleDto {
  return { ...rule, changeRequest: approvedIn(rule.ring, rule.name) };
}
