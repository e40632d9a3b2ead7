import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { requireInForce, requireRingInForce } from '../../domain/release-policy/way-back.js';
import { deliveryFigures } from '../delivery-figures.js';
import { DeliveryFiguresDto } from '../show-change-request/verification.dto.js';

class FiguresQueryDto {
  @ApiPropertyOptional({ description: 'Of a plan: which of its rings; by default the one that has it last' })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  ring?: string;
}

class FiguresDto {
  @ApiProperty({ example: 'CR-2026-0042' })
  id!: string;
  @ApiProperty()
  ring!: string;
  @ApiProperty({
    type: [DeliveryFiguresDto],
    description: 'Since it was put in force: a verification records them as they are at that moment',
  })
  figures!: readonly DeliveryFiguresDto[];
}

/** For who is to verify a change, before they do. */
@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class ShowFiguresRoute {
  constructor(
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
  ) {}

  @Get(':id/figures')
  @ApiOperation({
    operationId: 'showFigures',
    summary: 'What the delivery records say now of each revision that a change in force set',
  })
  @ApiOkResponse({ type: FiguresDto })
  async show(@Param('id') id: string, @Query() { ring: named }: FiguresQueryDto): Promise<FiguresDto> {
    const { state } = await this.streams.load(changeRequest, changeRequestStream(id));
    const request = requireInForce(state);
    const inForce = requireRingInForce(request, named);
    const figures = await deliveryFigures(this.readModels, request, inForce);
    return { id, ring: inForce.ring, figures };
  }
}
