import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsAfter, IsLimit } from '#platform/http/page';
import { NODE_NAME } from '../../domain/node/node.js';
import { NodePageDto } from './node.dto.js';
import { ListNodes } from './query.js';

class ListNodesDto {
  @IsAfter('nodes', NODE_NAME)
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
