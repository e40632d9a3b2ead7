import { Controller, Get, Inject, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { MemberRuleDto, memberRule } from '../member-rule.dto.js';
import { rulesInForce } from '../site-members.js';

class ListMembersDto {
  @ApiPropertyOptional({ description: 'The rules of this ring alone' })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  ring?: string;
}

class MembersDto {
  @ApiProperty({ type: [String], description: 'All rings, in the order in which releases go through them' })
  rings!: readonly string[];

  @ApiProperty({
    type: [MemberRuleDto],
    description:
      'In the order in which a device is looked for: it is in the ring of the first that it matches',
  })
  rules!: readonly MemberRuleDto[];
}

@ApiTags('rings')
@ApiBearerAuth()
@Controller('v1/members')
export class ListMembersRoute {
  constructor(@Inject(STREAM_WRITER) private readonly streams: StreamWriter) {}

  @Get()
  @ApiOperation({ operationId: 'listMembers', summary: 'By which rules devices are in which ring' })
  @ApiOkResponse({ type: MembersDto })
  async list(@Query() { ring }: ListMembersDto): Promise<MembersDto> {
    if (ring !== undefined) await requireKnownRing(this.streams, ring);
    const site = await rulesInForce(this.streams);
    const rules = site.rules.filter((rule) => ring === undefined || rule.ring === ring);
    return { rings: site.rings, rules: rules.map((rule) => memberRule(site, rule)) };
  }
}
