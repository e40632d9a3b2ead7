import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { EntityTagProperty } from '#platform/revisions/entity-tag.property';
import { IsAfter, IsLimit } from '#platform/http/page';
import { RecordedReasonDto } from '#platform/http/reason.dto';
import type { TokenScope } from '../../domain/token/events.js';
import { ListTokens, TOKEN_STATUSES, type TokenLine } from './query.js';

class WhenDto {
  @ApiProperty()
  readonly position!: string;

  @ApiProperty({ format: 'date-time' })
  readonly at!: string;
}

class TokenOwnerDto {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty()
  readonly login!: string;

  @ApiProperty()
  readonly name!: string;
}

class TokenScopeDto implements TokenScope {
  @ApiProperty({ enum: ['submit-changes'] })
  readonly may!: TokenScope['may'];

  @ApiProperty({ type: [String] })
  readonly rings!: readonly string[];
}

class TokenLineDto implements TokenLine {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ type: TokenOwnerDto })
  readonly owner!: TokenOwnerDto;

  @ApiProperty({ type: RecordedReasonDto })
  readonly standingReason!: RecordedReasonDto;

  @ApiProperty({ type: TokenScopeDto })
  readonly scope!: TokenScopeDto;

  @ApiProperty({ enum: TOKEN_STATUSES })
  readonly status!: TokenLine['status'];

  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;

  @ApiProperty({ type: WhenDto })
  readonly issued!: WhenDto;

  @ApiProperty({ type: WhenDto, nullable: true, description: 'The last event that it caused' })
  readonly lastUsed!: WhenDto | null;

  @EntityTagProperty()
  readonly etag!: string;
}

class ListTokensDto {
  @IsAfter('tokens', /^[0-9]{1,18}$/)
  after?: string;

  @IsLimit(500, 1000)
  limit?: number;
}

class TokensDto {
  @ApiProperty({ type: [TokenLineDto] })
  readonly tokens!: readonly TokenLineDto[];

  @ApiProperty({ type: String, nullable: true })
  readonly next!: string | null;
}

@ApiTags('tokens')
@ApiBearerAuth()
@Controller('v1/tokens')
export class ListTokensRoute {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'listTokens', summary: 'All tokens, those that are good no longer too' })
  @ApiOkResponse({ type: TokensDto })
  async list(@Query() { after, limit = 500 }: ListTokensDto): Promise<TokensDto> {
    return this.queries.execute(new ListTokens({ after, limit }));
  }
}
