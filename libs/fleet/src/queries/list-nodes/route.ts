import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { IsLimit } from '#platform/http/page';
import { NODE_NAME, NODE_NAME_RULE } from '../../domain/node/node.js';
import { NodePageDto } from './node.dto.js';
import { ListNodes } from './query.js';

class ListNodesDto {
  @ApiPropertyOptional({ description: '`next` of the page before' })
  @IsOptional()
  @Matches(NODE_NAME, { message: NODE_NAME_RULE })
  after?: string;

  @IsLimit(100, 1000)
  limit?: number;
}

@ApiTags('nodes')
@ApiBearerAuth()
@Controller('v1/nodes')
export class ListNodesRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'listNodes', summary: 'Which proxies there are, and how each is, by name' })
  @ApiOkResponse({ type: NodePageDto })
  list(@Query() { after, limit = 100 }: ListNodesDto): Promise<NodePageDto> {
    return this.queries.execute(new ListNodes({ after, limit }));
  }
}
