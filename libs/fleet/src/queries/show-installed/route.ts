import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsDeviceName, namedDevice } from '../named-device.js';
import { InstalledDto } from './installed.dto.js';
import { ShowInstalled } from './query.js';

class ShowInstalledDto {
  @ApiProperty({ description: 'A serial, or brand/model/serial' })
  @IsDeviceName()
  device!: string;
}

@ApiTags('nodes')
@ApiBearerAuth()
@Controller('v1/installed')
export class ShowInstalledRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'showInstalled', summary: 'What a device has installed, as it last said' })
  @ApiOkResponse({ type: InstalledDto })
  async show(@Query() { device }: ShowInstalledDto): Promise<InstalledDto> {
    return { devices: await this.queries.execute(new ShowInstalled(namedDevice(device))) };
  }
}
