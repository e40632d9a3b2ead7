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
import { contentDigest, contentOf } from '../../domain/release-policy/content.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import {
  requireInForce,
  requireRingInForce,
  wayBack,
  type WayBack,
} from '../../domain/release-policy/way-back.js';
import { deliveryFigures } from '../delivery-figures.js';
import { TargetDto } from '../show-change-request/changes.dto.js';
import { DeliveryFiguresDto } from '../show-change-request/verification.dto.js';

class EpochsDto {
  @ApiProperty({ enum: ['same', 'differ', 'unknown'] })
  are!: 'same' | 'differ' | 'unknown';
  @ApiProperty({ type: String, nullable: true, description: 'Of what is in force' })
  from!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Of what comes back' })
  to!: string | null;
}

class WayBackDto {
  @ApiProperty()
  name!: string;
  @ApiProperty({ type: TargetDto })
  target!: TargetDto;
  @ApiProperty({ type: String, nullable: true, description: 'What the request set; null: upstream decides' })
  from!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'What the ring had before it' })
  to!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'What the ring has now' })
  inForce!: string | null;
  @ApiProperty({ description: 'Somebody changed it since: it is not rolled back' })
  movedOn!: boolean;
  @ApiProperty({ type: EpochsDto })
  epochs!: EpochsDto;

  static of({ epochs, ...way }: WayBack): WayBackDto {
    if (typeof epochs === 'string') return { ...way, epochs: { are: epochs, from: null, to: null } };
    return { ...way, epochs: { are: 'differ', ...epochs } };
  }
}

class RollBackQueryDto {
  @ApiPropertyOptional({ description: 'Of a plan: which of its rings; by default the one that has it last' })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  ring?: string;
}

class RollBackDto {
  @ApiProperty({ example: 'CR-2026-0042' })
  id!: string;
  @ApiProperty()
  ring!: string;
  @ApiProperty({ description: 'Of the ring’s policy as it was looked at: give it as ifPolicy' })
  policyDigest!: string;
  @ApiProperty({ type: [WayBackDto] })
  targets!: WayBackDto[];
  @ApiProperty({
    type: [DeliveryFiguresDto],
    description:
      'Devices that were offered or have taken what the request set, since it was put in force, by the delivery records',
  })
  figures!: readonly DeliveryFiguresDto[];
}

/** What rolling a request back would do. The values are of the streams; the figures, which decide nothing, of a read model. */
@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class ShowRollBackRoute {
  constructor(
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
  ) {}

  @Get(':id/roll-back')
  @ApiOperation({
    operationId: 'showRollBack',
    summary: 'What rolling a change back would do: old and new, epochs, and who has it already',
  })
  @ApiOkResponse({ type: RollBackDto })
  async show(@Param('id') id: string, @Query() { ring: named }: RollBackQueryDto): Promise<RollBackDto> {
    const { state } = await this.streams.load(changeRequest, changeRequestStream(id));
    const request = requireInForce(state);
    const inForce = requireRingInForce(request, named);
    const { ring } = inForce;
    const { state: policy } = await this.streams.load(releasePolicy, releasePolicyStream(ring));
    const targets = wayBack(request, policy, ring).map(WayBackDto.of);
    const figures = await deliveryFigures(this.readModels, request, inForce);
    return { id, ring, policyDigest: contentDigest(contentOf(policy, 'snap')), targets, figures };
  }
}
