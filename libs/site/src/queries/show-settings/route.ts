import { Controller, Get, Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ShowSettings } from './query.js';
import { SettingDto } from './setting.dto.js';

class SettingsDto {
  @ApiProperty({ type: [SettingDto] })
  readonly settings!: readonly SettingDto[];
}

@ApiTags('site')
@ApiBearerAuth()
@Controller('v1/settings')
export class ShowSettingsRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'showSettings', summary: "The site's settings, set or not" })
  @ApiOkResponse({ type: SettingsDto })
  async show(): Promise<SettingsDto> {
    return { settings: await this.queries.execute(new ShowSettings()) };
  }
}
