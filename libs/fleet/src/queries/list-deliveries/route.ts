import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { HttpError } from '#platform/http/errors';
import { IsAfter, IsLimit } from '#platform/http/page';
import { DeliveryPageDto } from './delivery.dto.js';
import { IsDeviceName, namedDevice } from '../named-device.js';
import { PLACE } from '../place.js';
import { ListDeliveries } from './query.js';

class ListDeliveriesDto {
  @ApiPropertyOptional({ description: 'A serial, or brand/model/serial' })
  @IsOptional()
  @IsDeviceName()
  device?: string;

  @ApiPropertyOptional({ description: 'A name or a snap-id; with `revision`', example: 'core18' })
  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,200}$/, { message: 'must be the name or the id of a snap' })
  snap?: string;

  @ApiPropertyOptional({ type: Number })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  revision?: number;

  @IsAfter('deliveries', PLACE)
  after?: string;

  @IsLimit(100, 1000)
  limit?: number;
}

@ApiTags('nodes')
@ApiBearerAuth()
@Controller('v1/deliveries')
export class ListDeliveriesRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    operationId: 'listDeliveries',
    summary: 'What was offered and delivered to a device, or who got a revision',
  })
  @ApiOkResponse({ type: DeliveryPageDto })
  list(@Query() { device, snap, revision, after, limit = 100 }: ListDeliveriesDto): Promise<DeliveryPageDto> {
    if (device === undefined && (snap === undefined || revision === undefined))
      throw new HttpError('invalid-request', 'name a device, or a snap with a revision');
    const named = device === undefined ? undefined : namedDevice(device);
    return this.queries.execute(new ListDeliveries({ device: named, snap, revision, after, limit }));
  }
}
