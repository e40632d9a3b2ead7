import { Controller, Get, Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ShowSettings } from './query.js';
import { SettingsDto } from './setting.dto.js';

@ApiTags('site')
@ApiBearerAuth()
@Controller('v1/settings')
export class ShowSettingsRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'showSettings', summary: "The site's settings, set or not" })
  @ApiOkResponse({ type: SettingsDto })
  async show(): Promise<SettingsDto> {
    return this.queries.execute(new ShowSettings());
  }
}
