import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { AskedRule, MembershipRule } from '../../domain/membership/rule.js';

/** Whom a rule of membership is of. Which members there are depends on `of`. */
export class MembershipRuleDto {
  @ApiProperty({ enum: ['serial', 'list', 'model'] })
  of!: MembershipRule['of'];
  @ApiPropertyOptional()
  brand?: string;
  @ApiPropertyOptional()
  model?: string;
  @ApiPropertyOptional()
  serial?: string;
  @ApiPropertyOptional({ description: 'The name of a list' })
  list?: string;
  @ApiPropertyOptional({ description: 'Of the list: the version that was resolved' })
  version?: number;
  @ApiPropertyOptional({ description: 'Of the list: SHA-256 of its devices, one a line' })
  digest?: string;
  @ApiPropertyOptional({ description: 'Of the list: how many devices' })
  count?: number;
  @ApiPropertyOptional({ description: 'Of these, only devices that ask from there' })
  network?: string;
  @ApiPropertyOptional({ description: 'Of these, only devices that ask the proxy by this name' })
  host?: string;
}

export class MembersItemDto {
  @ApiProperty({ enum: ['members'] })
  kind!: 'members';
  @ApiProperty({ type: MembershipRuleDto })
  rule!: AskedRule;
  @ApiProperty({ description: 'false takes the rule away' })
  members!: boolean;
}

export class MembersChangeDto {
  @ApiProperty({ enum: ['members'] })
  kind!: 'members';
  @ApiProperty({ description: 'What the rule is called' })
  name!: string;
  @ApiProperty({ type: MembershipRuleDto, nullable: true })
  old!: MembershipRule | null;
  @ApiProperty({ type: MembershipRuleDto, nullable: true })
  new!: MembershipRule | null;
  @ApiPropertyOptional({
    type: [String],
    description:
      'What loses devices to it: rules of other rings, at most 20 by name, and the rings of proxies',
  })
  takesFrom?: readonly string[];
}

export class MembersMismatchDto {
  @ApiProperty({ enum: ['members'] })
  kind!: 'members';
  @ApiProperty()
  name!: string;
  @ApiProperty({ type: MembershipRuleDto, nullable: true })
  expected!: MembershipRule | null;
  @ApiProperty({ type: MembershipRuleDto, nullable: true })
  found!: MembershipRule | null;
}
