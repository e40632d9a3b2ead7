import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { StreamWriter } from '#platform/decide-and-append';
import { showRevision } from '#platform/given-command';
import { STREAM_WRITER } from '#platform/tokens';
import { deviceList, deviceListStream } from '../../domain/device-list/device-list.js';
import { listedDevices } from '../../listed-devices.js';

class ShowDeviceListDto {
  @ApiPropertyOptional({ type: Number, description: 'Left out: the newest' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  version?: number;
}

class DeviceListDto {
  @ApiProperty()
  list!: string;

  @ApiProperty({ description: 'The one that is shown' })
  version!: number;

  @ApiProperty({ description: 'The newest one' })
  newest!: number;

  @ApiProperty({ description: 'SHA-256 of its devices, one a line, in order' })
  digest!: string;

  @ApiProperty({ description: 'How many devices' })
  count!: number;

  @ApiProperty({ type: [String], example: ['acme/gateway/0001'] })
  devices!: readonly string[];
}

@ApiTags('rings')
@ApiBearerAuth()
@Controller('v1/device-lists')
export class ShowDeviceListRoute {
  constructor(@Inject(STREAM_WRITER) private readonly streams: StreamWriter) {}

  @Get(':list')
  @ApiOperation({
    operationId: 'showDeviceList',
    summary: 'A list of devices, as it is or as a version of it was',
  })
  @ApiOkResponse({ type: DeviceListDto })
  async show(
    @Param('list') list: string,
    @Query() { version: asked }: ShowDeviceListDto,
  ): Promise<DeviceListDto> {
    const { state: versions, revision } = await this.streams.load(deviceList, deviceListStream(list));
    showRevision(revision);
    const version = asked ?? versions.length;
    const devices = await listedDevices(this.streams, list, versions, version);
    const { digest = '' } = versions[version - 1] ?? {};
    return { list, version, newest: versions.length, digest, count: devices.length, devices };
  }
}
